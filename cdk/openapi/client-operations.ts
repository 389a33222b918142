import type { Settings } from '../../lib/settings/settings.ts'
import type { JsonSchema } from './json-schema.ts'
import {
  bodyErrors,
  jsonContent,
  noContent,
  ok,
  pathParameter,
  queryParameter,
} from './operation.ts'
import { type Operations, operatorErrors, pages } from './operator-request.ts'
import { operatorSecurity, readerSecurity, reporterSecurity } from './security.ts'

const filter = (name: string, maxLength: number, description: string) =>
  queryParameter(name, `${description} At most one of these filters.`, {
    type: 'string',
    minLength: 1,
    maxLength,
  })

const time = (name: string, description: string) =>
  queryParameter(name, description, { type: 'integer', minimum: 0, maximum: 9_999_999_999 })

const filters = ({ findClientsBy }: Settings) => [
  filter('owner', 255, '`sub` of the owner.'),
  filter('software_id', 16_384, '`software_id` of the metadata.'),
  filter('label', 64, 'The label.'),
  filter('initial_access_token', 255, 'ID of the initial access token.'),
  ...(findClientsBy.name
    ? [
        filter(
          'name_prefix',
          255,
          'The beginning of `client_name`, in any case; the clients are in the order of names.',
        ),
      ]
    : []),
  ...(findClientsBy.redirectHost
    ? [filter('redirect_host', 253, 'Host of an http or https redirect URI.')]
    : []),
  queryParameter(
    'state',
    'Clients that await approval: where `approval` is off, those from before it was turned off. With `cleanUp`, and without other filters: clients that would become stale now, stale ones, or what is left of deleted ones.',
    { enum: ['pending', 'due', 'stale', 'deleted'] },
  ),
  queryParameter('iss', 'Issuer of `owner`; empty for owners without one.'),
  time('created_from', 'Registered at this time or later, in Unix seconds.'),
  time('created_before', 'Registered before this time, in Unix seconds.'),
]

/** RFC 9110 §13.1.2 */
const ifNoneMatch: JsonSchema = {
  name: 'If-None-Match',
  in: 'header',
  description: 'The entity tag of a copy.',
  schema: { type: 'string' },
}
const entityTag = { ETag: { description: 'The entity tag.', schema: { type: 'string' } } }

/** The requests of the operator on clients, by path and method. */
export const clientOperations = (settings: Settings): Operations => {
  const common = { tag: 'clients', security: operatorSecurity(settings) } as const
  const parameters = [pathParameter('client_id', 'The client.')]
  const ofClient = { ...common, parameters }
  const byReader = { ...ofClient, security: readerSecurity(settings) }
  const ofRegistration = {
    ...common,
    parameters: [pathParameter('verification_code', 'The code that the client shows.')],
  }
  const errors = operatorErrors(settings)
  return {
    '/clients': {
      GET: {
        ...common,
        operationId: 'listClients',
        summary: 'List clients, newest first',
        parameters: [...pages, ...filters(settings)],
        success: { 200: ok('One page.', 'ClientPage') },
        errors,
      },
    },
    '/clients/{client_id}': {
      GET: {
        ...byReader,
        operationId: 'getClient',
        summary: 'Get a client',
        parameters: [...parameters, ifNoneMatch],
        success: {
          200: { ...ok('The client.', 'Client'), headers: entityTag },
          304: { description: 'The copy of the caller is current.', headers: entityTag },
        },
        errors: [...errors, 'not_found'],
      },
      PATCH: {
        ...ofClient,
        operationId: 'changeClient',
        summary: 'Disable, enable or revive a client, or set its label and note',
        requestBody: { required: true, content: jsonContent('ClientChange') },
        success: { 200: ok('The client.', 'Client') },
        errors: [...errors, 'not_found', 'conflict', ...bodyErrors],
      },
      DELETE: {
        ...ofClient,
        operationId: 'removeClient',
        summary: 'Delete a client',
        success: { 204: noContent('The client is deleted.') },
        errors: [...errors, 'not_found'],
      },
    },
    '/clients/used': {
      POST: {
        ...common,
        operationId: 'reportUse',
        summary: 'Report which clients were used at an authorization server',
        security: reporterSecurity(settings),
        requestBody: { required: true, content: jsonContent('UseReport') },
        success: { 200: ok('The number of clients by outcome.', 'UseReportResponse') },
        errors: [...errors, ...bodyErrors],
      },
    },
    '/clients/{client_id}/approval': {
      POST: {
        ...ofClient,
        operationId: 'decideRegistration',
        summary: 'Approve or reject a registration that awaits approval',
        requestBody: { required: true, content: jsonContent('RegistrationDecision') },
        success: { 200: ok('The client.', 'Client') },
        errors: [...errors, 'not_found', 'conflict', ...bodyErrors],
      },
    },
    '/pending-registrations/{verification_code}': {
      GET: {
        ...ofRegistration,
        operationId: 'getPendingRegistration',
        summary: 'Show a deferred registration',
        success: { 200: ok('What is to be registered.', 'PendingRegistration') },
        errors: [...errors, 'not_found'],
      },
    },
    '/pending-registrations/{verification_code}/approval': {
      POST: {
        ...ofRegistration,
        operationId: 'decidePendingRegistration',
        summary: 'Approve or reject a deferred registration',
        requestBody: { required: true, content: jsonContent('RegistrationDecision') },
        success: { 200: ok('The registration.', 'PendingRegistration') },
        errors: [...errors, 'not_found', 'conflict', ...bodyErrors],
      },
    },
    '/clients/{client_id}/secret-check': {
      POST: {
        ...byReader,
        operationId: 'checkClientSecret',
        summary: 'Check the secret that a client presented to an authorization server',
        requestBody: { required: true, content: jsonContent('SecretCheckRequest') },
        success: { 200: ok('Whether the secret is valid.', 'SecretCheckResponse') },
        errors: [...errors, ...bodyErrors],
      },
    },
    '/clients/{client_id}/client-secret': {
      POST: {
        ...ofClient,
        operationId: 'renewClientSecretOfClient',
        summary: 'Renew the secret of a client',
        requestBody: { required: false, content: jsonContent('SecretRenewal') },
        success: { 200: ok('The secret.', 'RenewedSecret') },
        errors: [...errors, 'not_found', ...bodyErrors],
      },
    },
    '/clients/{client_id}/registration-access-token': {
      POST: {
        ...ofClient,
        operationId: 'reissueRegistrationAccessToken',
        summary: 'Issue a new registration access token to a client that lost its own',
        success: { 200: ok('The token.', 'ReissuedToken') },
        errors: [...errors, 'not_found'],
      },
    },
  }
}
