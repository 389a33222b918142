/** JSON Schema 2020-12, as OpenAPI 3.1 uses it. */
export type JsonSchema = { readonly [keyword: string]: unknown }

/** A reference to a schema of the document's components. */
export const schemaRef = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` })

/** RFC 7591 §3.2.1: seconds since 1970-01-01T00:00:00Z. */
export const unixTime = (description: string): JsonSchema => ({
  type: 'integer',
  minimum: 0,
  description: `${description}, in Unix seconds`,
})

/** The schema of each member of a type: a member without one does not compile. */
export type Members<Type> = Record<keyof Type, JsonSchema>

export const string = (description: string): JsonSchema => ({ type: 'string', description })
export const text = (maxLength: number, description: string): JsonSchema => ({
  type: 'string',
  minLength: 1,
  maxLength,
  description,
})
export const names = (description: string): JsonSchema => ({
  type: 'array',
  items: { type: 'string' },
  description,
})
export const from1To = (maximum: number, description: string): JsonSchema => ({
  type: 'integer',
  minimum: 1,
  maximum,
  description,
})

/** One page of a list. */
export const page = (member: string, schema: string): JsonSchema => ({
  type: 'object',
  required: [member],
  properties: {
    [member]: { type: 'array', items: schemaRef(schema) },
    next_cursor: string('The `cursor` of the next page; omitted on the last.'),
  },
})

const structure: readonly string[] = ['type', 'format', 'description', 'items', 'properties']

/**
 * The types of a schema without its limits and lists. What was registered under earlier settings
 * still has them.
 */
export function typesOnly(schema: JsonSchema): JsonSchema {
  const { items, properties, ...kept } = Object.fromEntries(
    Object.entries(schema).filter(([keyword]) => structure.includes(keyword)),
  )
  return {
    ...kept,
    ...(items !== undefined && { items: typesOnly(items as JsonSchema) }),
    ...(properties !== undefined && { properties: eachTypesOnly(properties as JsonSchema) }),
  }
}

const eachTypesOnly = (properties: JsonSchema): JsonSchema =>
  Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, typesOnly(schema as JsonSchema)]),
  )
