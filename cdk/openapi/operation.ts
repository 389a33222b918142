import type { ErrorCode } from '../../lib/errors.ts'
import { type JsonSchema, schemaRef } from './json-schema.ts'

/** A tag of the document, and whose requests it groups. */
export const tags = {
  registration: 'Client registration (RFC 7591)',
  configuration: 'Client configuration (RFC 7592), by the client itself',
  'initial access tokens': 'Requests of the operator on initial access tokens',
  clients: 'Requests of the operator on clients',
  public: 'Requests without authentication',
} as const

/** One method of one path. */
export type Operation = {
  readonly tag: keyof typeof tags
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  /** Names of the security schemes, each of which suffices; an empty list for none. */
  readonly security: readonly JsonSchema[]
  readonly parameters?: readonly JsonSchema[]
  readonly requestBody?: JsonSchema
  /** The response by its status, such as 200. */
  readonly success: Readonly<Record<number, JsonSchema>>
  readonly errors: readonly ErrorCode[]
}

export const content = (mediaType: string, schema: JsonSchema): JsonSchema => ({
  [mediaType]: { schema },
})

export const jsonContent = (schema: string): JsonSchema =>
  content('application/json', schemaRef(schema))

export const ok = (description: string, schema: string): JsonSchema => ({
  description,
  content: jsonContent(schema),
})

export const noContent = (description: string): JsonSchema => ({ description })

export const pathParameter = (name: string, description: string): JsonSchema => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: { type: 'string' },
})

export const queryParameter = (
  name: string,
  description: string,
  schema: JsonSchema = { type: 'string' },
): JsonSchema => ({ name, in: 'query', description, schema })

/** What any request with a bearer token may be answered. */
export const bearerErrors = ['invalid_request', 'missing_token', 'invalid_token'] as const

/** What any request with a body may be answered. */
export const bodyErrors = ['content_too_large', 'unsupported_media_type'] as const

/** What any request may be answered where the service fails. */
export const faults = ['server_error', 'temporarily_unavailable'] as const
