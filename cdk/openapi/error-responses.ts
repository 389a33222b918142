import { errorResponse } from '../../functions/http/response.ts'
import { type ErrorCode, OAuthError } from '../../lib/errors.ts'
import type { Settings } from '../../lib/settings/settings.ts'
import { type JsonSchema, schemaRef } from './json-schema.ts'

const headers: Readonly<Record<string, JsonSchema>> = {
  'www-authenticate': {
    description: 'The challenge of RFC 6750 §3.',
    schema: { type: 'string' },
  },
  'retry-after': {
    description: 'Seconds after which the request may succeed (RFC 9110 §10.2.3).',
    schema: { type: 'integer' },
  },
  'accept-encoding': {
    description: 'The supported content coding (RFC 9110 §12.5.3).',
    schema: { type: 'string' },
  },
}

/** Statuses that API Gateway answers itself, with another body. */
const gatewayStatuses = [429, 500, 503]

export const errorSchemas: Readonly<Record<string, JsonSchema>> = {
  Error: {
    type: 'object',
    description: 'Client Registration Error Response (RFC 7591 §3.2.2).',
    required: ['error', 'error_description'],
    properties: {
      error: { type: 'string' },
      error_description: { type: 'string', description: "For the client's developer." },
    },
  },
  GatewayError: {
    type: 'object',
    description: 'An error of API Gateway, such as a throttled request.',
    required: ['message'],
    properties: { message: { type: 'string' } },
  },
}

/** The error with all details that add a header. */
const example = (code: ErrorCode, { missingTokenStatus }: Settings) =>
  new OAuthError(code, '', {
    challenge: true,
    acceptEncoding: 'identity',
    ...(code === 'missing_token' && { status: missingTokenStatus }),
  })

/** An operation's errors by HTTP status; API Gateway throttles every request. */
function byStatus(codes: readonly ErrorCode[], settings: Settings) {
  const groups = new Map<number, ErrorCode[]>([[429, []]])
  for (const code of codes) {
    const { status } = example(code, settings)
    groups.set(status, [...(groups.get(status) ?? []), code])
  }
  return [...groups].sort(([one], [other]) => one - other)
}

const componentName = (status: number, codes: readonly ErrorCode[]): string =>
  [status, ...codes].join('.')

/** References to the error responses of an operation, by status. */
export const errorReferences = (codes: readonly ErrorCode[], settings: Settings): JsonSchema =>
  Object.fromEntries(
    byStatus(codes, settings).map(([status, group]) => [
      status,
      { $ref: `#/components/responses/${componentName(status, group)}` },
    ]),
  )

/** The error responses of these operations, which share those that are equal. */
export const errorComponents = (
  operations: readonly (readonly ErrorCode[])[],
  settings: Settings,
): JsonSchema =>
  Object.fromEntries(
    operations
      .flatMap((codes) => byStatus(codes, settings))
      .map(([status, codes]) => [
        componentName(status, codes),
        responseOf(status, codes, settings),
      ]),
  )

function responseOf(status: number, codes: readonly ErrorCode[], settings: Settings): JsonSchema {
  const errors = codes.map((code) => example(code, settings))
  const names = new Set(errors.flatMap((error) => Object.keys(errorResponse(error).headers)))
  const sent = Object.entries(headers).filter(([name]) => names.has(name))
  const bodies = [
    ...(errors.length > 0 ? [errorBody(errors)] : []),
    ...(gatewayStatuses.includes(status) ? [schemaRef('GatewayError')] : []),
  ]
  return {
    description: codes.length > 0 ? `Error ${codes.join(', ')}.` : 'Throttled by API Gateway.',
    ...(sent.length > 0 && { headers: Object.fromEntries(sent) }),
    content: {
      'application/json': { schema: bodies.length === 1 ? bodies[0] : { anyOf: bodies } },
    },
  }
}

const errorBody = (errors: readonly OAuthError[]): JsonSchema => ({
  allOf: [schemaRef('Error')],
  properties: { error: { enum: [...new Set(errors.map(({ error }) => error))] } },
})
