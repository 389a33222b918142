import type { ErrorCode } from '../../lib/errors.ts'
import type { Settings } from '../../lib/settings/settings.ts'
import { type JsonSchema, schemaRef } from './json-schema.ts'
import {
  bearerErrors,
  bodyErrors,
  content,
  faults,
  jsonContent,
  noContent,
  type Operation,
  ok,
  pathParameter,
  queryParameter,
} from './operation.ts'
import { clientSecurity, registrationSecurity } from './security.ts'

const metadataErrors = [
  'invalid_redirect_uri',
  'invalid_client_metadata',
  'invalid_software_statement',
  'unapproved_software_statement',
] as const satisfies ErrorCode[]

/** JSON Schema 2020-12 §8.6: the header and the claims of a JWT are an array. */
const signed = (schema: string): JsonSchema =>
  content('application/jwt', {
    type: 'string',
    description: 'A signed JWT in compact form, with the members of the JSON body as its claims.',
    contentMediaType: 'application/jwt',
    contentSchema: { type: 'array', prefixItems: [{ type: 'object' }, schemaRef(schema)] },
  })

/** JSON, a signed JWT, or either, by the settings. */
const requestBody = (schema: string, { signedRequest }: Settings): JsonSchema => ({
  required: true,
  content: {
    ...(!signedRequest.required && jsonContent(schema)),
    ...(signedRequest.issuers.length > 0 && signed(schema)),
  },
})

/** draft-ietf-httpapi-idempotency-key-header */
const idempotencyKey: JsonSchema = {
  name: 'Idempotency-Key',
  in: 'header',
  description:
    'A random key in double quotes, such as a UUID. For ten minutes, the same request with the same key gets the same response.',
  schema: {
    type: 'string',
    pattern: '^("[!#-\\[\\]-~]{16,255}"|[!#-+\\--:<-\\[\\]-~]{16,255})$',
  },
}

const dryRun = queryParameter(
  'dry_run',
  'Whether to respond with what would be registered, without registering it.',
  { type: 'boolean', default: false },
)

/** A client by the status of the settings, and by 200 what a dry run would register. */
function registered({ successStatus }: Settings): Operation['success'] {
  const client = ok('The client.', 'ClientInformationResponse')
  const preview = ok('What a dry run would register.', 'RegisteredMetadata')
  if (successStatus !== 200) return { [successStatus]: client, 200: preview }
  const either = { anyOf: ['ClientInformationResponse', 'RegisteredMetadata'].map(schemaRef) }
  return {
    200: {
      description: 'The client, or what a dry run would register.',
      content: content('application/json', either),
    },
  }
}

/** With `approval: draft`, the endpoint also takes polls, always as JSON. */
const registrationBody = (settings: Settings): JsonSchema => {
  const body = requestBody('ClientRegistrationRequest', settings)
  if (settings.approval !== 'draft') return body
  const json = settings.signedRequest.required
    ? schemaRef('RegistrationPoll')
    : { anyOf: [schemaRef('ClientRegistrationRequest'), schemaRef('RegistrationPoll')] }
  return { ...body, content: { ...Object(body.content), ...content('application/json', json) } }
}

const deferral = {
  202: ok('The registration awaits approval: poll.', 'DeferredRegistration'),
  204: noContent('The deferred registration is cancelled.'),
}

const pollErrors = ['access_denied', 'expired_token', 'invalid_registration'] as const

/** POST at the client registration endpoint. */
export const register = (settings: Settings): Operation => ({
  tag: 'registration',
  operationId: 'registerClient',
  summary: 'Register a client (RFC 7591 §3.1)',
  description:
    'The response shows what was registered: unsupported values may have been left out, and defaults added.',
  security: registrationSecurity(settings),
  parameters: [idempotencyKey, dryRun],
  requestBody: registrationBody(settings),
  success: { ...registered(settings), ...(settings.approval === 'draft' && deferral) },
  errors: [
    ...metadataErrors,
    ...(settings.approval === 'draft' ? pollErrors : []),
    ...bearerErrors,
    'insufficient_scope',
    'quota_exhausted',
    ...bodyErrors,
    'idempotency_key_reused',
    'too_many_requests',
    ...faults,
  ],
})

/** RFC 6750 §3.1: the token of a shared client only reads. */
const insufficientScope = ['insufficient_scope'] as const

const parameters = [pathParameter('client_id', 'The client identifier.')]

const rotates = ({ registrationAccessToken }: Settings, request: 'read' | 'update'): string =>
  registrationAccessToken.rotateOn.includes(request)
    ? 'The response has a new registration access token, and the old one stops working.'
    : 'The response has the current registration access token.'

const common = { tag: 'configuration', security: clientSecurity, parameters } as const

/** POST beside the client configuration endpoint. */
export const renewSecret = (settings: Settings): Operation => ({
  ...common,
  operationId: 'renewClientSecret',
  summary: 'Renew the client secret',
  description: `The previous secret stays valid for ${settings.clientSecret.overlap} seconds. The registration access token stays.`,
  success: { 200: ok('The client.', 'ClientInformationResponse') },
  errors: [...bearerErrors, 'unapproved_client', 'insufficient_scope', ...faults],
})

/** The methods of the client configuration endpoint. */
export const configuration = (settings: Settings) => {
  return {
    GET: {
      ...common,
      operationId: 'readClient',
      summary: 'Read a client (RFC 7592 §2.1)',
      description: rotates(settings, 'read'),
      success: { 200: ok('The client.', 'ClientInformationResponse') },
      errors: [...bearerErrors, 'unapproved_client', ...faults],
    },
    PUT: {
      ...common,
      operationId: 'updateClient',
      summary: 'Replace the metadata of a client (RFC 7592 §2.2)',
      description: rotates(settings, 'update'),
      requestBody: requestBody('ClientUpdateRequest', settings),
      success: { 200: ok('The client.', 'ClientInformationResponse') },
      errors: [
        ...metadataErrors,
        ...bearerErrors,
        'unapproved_client',
        'insufficient_scope',
        ...bodyErrors,
        ...faults,
      ],
    },
    DELETE: {
      ...common,
      operationId: 'deleteClient',
      summary: 'Delete a client (RFC 7592 §2.3)',
      success: { 204: noContent('The client is deleted.') },
      errors: [
        ...bearerErrors,
        ...(settings.sharing === 'off' ? [] : insufficientScope),
        'unapproved_client',
        ...faults,
      ],
    },
  } satisfies Record<string, Operation>
}
