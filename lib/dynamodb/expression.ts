/** An update expression with its names and values. */
export type Update = {
  readonly UpdateExpression: string
  readonly ExpressionAttributeNames: Record<string, string>
  readonly ExpressionAttributeValues: Record<string, unknown>
}

/** Sets each attribute to its value; an undefined one is removed. */
export function assign(attributes: Readonly<Record<string, unknown>>): Update {
  const all = Object.entries(attributes)
  const set = all.filter(([, value]) => value !== undefined)
  const removed = all.filter(([, value]) => value === undefined)
  const clauses = [
    set.length > 0 ? `SET ${set.map(([name]) => `#${name} = :${name}`).join(', ')}` : '',
    removed.length > 0 ? `REMOVE ${removed.map(([name]) => `#${name}`).join(', ')}` : '',
  ]
  return {
    UpdateExpression: clauses.filter(Boolean).join(' '),
    ExpressionAttributeNames: Object.fromEntries(all.map(([name]) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(set.map(([name, value]) => [`:${name}`, value])),
  }
}
