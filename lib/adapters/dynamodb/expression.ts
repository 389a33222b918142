/** An update expression with its attribute names and values. */
export type Update = {
  readonly UpdateExpression: string
  readonly ExpressionAttributeNames: Record<string, string>
  readonly ExpressionAttributeValues: Record<string, unknown>
}

type Attributes = Readonly<Record<string, unknown>>

/**
 * Sets each attribute to its value and removes the undefined ones. An attribute in `setOnce` is set
 * only if it has no value yet.
 */
export function assign(attributes: Attributes, setOnce: readonly string[] = []): Update {
  const all = Object.entries(attributes)
  const set = all.filter(([, value]) => value !== undefined)
  const removed = all.filter(([, value]) => value === undefined)
  const assigned = set.map(([name]) =>
    setOnce.includes(name) ? `#${name} = if_not_exists(#${name}, :${name})` : `#${name} = :${name}`,
  )
  const clauses = [
    set.length > 0 ? `SET ${assigned.join(', ')}` : '',
    removed.length > 0 ? `REMOVE ${removed.map(([name]) => `#${name}`).join(', ')}` : '',
  ]
  return {
    UpdateExpression: clauses.filter(Boolean).join(' '),
    ExpressionAttributeNames: Object.fromEntries(all.map(([name]) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(set.map(([name, value]) => [`:${name}`, value])),
  }
}

/**
 * Builds the update of a client's item. Each write increments `sequence`, which orders the events
 * of one client.
 */
export function updateWithSequence(
  attributes: Attributes,
  setOnce: readonly string[] = [],
): Update {
  const { UpdateExpression, ExpressionAttributeNames, ExpressionAttributeValues } = assign(
    attributes,
    setOnce,
  )
  return {
    // ADD starts from 0 if the attribute does not exist.
    UpdateExpression: `${UpdateExpression} ADD #sequence :one`.trimStart(),
    ExpressionAttributeNames: { ...ExpressionAttributeNames, '#sequence': 'sequence' },
    ExpressionAttributeValues: { ...ExpressionAttributeValues, ':one': 1 },
  }
}
