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
  const set: string[] = []
  const removed: string[] = []
  const ExpressionAttributeNames: Record<string, string> = {}
  const ExpressionAttributeValues: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(attributes)) {
    ExpressionAttributeNames[`#${name}`] = name
    if (value === undefined) {
      removed.push(`#${name}`)
      continue
    }
    ExpressionAttributeValues[`:${name}`] = value
    const assigned = setOnce.includes(name) ? `if_not_exists(#${name}, :${name})` : `:${name}`
    set.push(`#${name} = ${assigned}`)
  }
  const clauses = [
    set.length > 0 ? `SET ${set.join(', ')}` : '',
    removed.length > 0 ? `REMOVE ${removed.join(', ')}` : '',
  ]
  const UpdateExpression = clauses.filter(Boolean).join(' ')
  return { UpdateExpression, ExpressionAttributeNames, ExpressionAttributeValues }
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
