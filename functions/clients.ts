import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { checkClientSecret } from '../lib/operator/check-client-secret.ts'
import { decideRegistration } from '../lib/operator/decide-registration.ts'
import { deleteClientAdmin } from '../lib/operator/delete-client-admin.ts'
import { getClient } from '../lib/operator/get-client.ts'
import { listClients } from '../lib/operator/list-clients.ts'
import {
  decidePendingRegistration,
  getPendingRegistration,
} from '../lib/operator/pending-registration.ts'
import { reissueRegistrationAccessToken } from '../lib/operator/reissue-registration-access-token.ts'
import { updateClientAdmin } from '../lib/operator/update-client-admin.ts'
import type { Server } from '../lib/server.ts'
import { composeServer } from './compose-server.ts'
import { consolePage } from './console/respond.ts'
import { byPath } from './http/by-path.ts'
import { conditionalJson } from './http/conditional.ts'
import { endpoint, type Respond } from './http/endpoint.ts'
import { bearerToken, clientRequest, jsonBody, pathParameter, receivedAt } from './http/request.ts'
import { json, noContent } from './http/response.ts'

const requestWithBody = (event: APIGatewayProxyEventV2, { settings }: Server) => ({
  ...clientRequest(event),
  body: jsonBody(event, settings.limits.body, 'invalid_request'),
})

/** GET /clients?limit=50&cursor=…&owner=… */
const list: Respond = async (event, server) => {
  const { bearer, now } = clientRequest(event)
  return json(
    200,
    await listClients({ bearer, now, query: event.queryStringParameters ?? {} }, server),
  )
}

/** GET /clients/{client_id} */
const show: Respond = async (event, server) =>
  conditionalJson(event, await getClient(clientRequest(event), server))

/** PATCH /clients/{client_id} */
const change: Respond = async (event, server) =>
  json(200, await updateClientAdmin(requestWithBody(event, server), server))

/** DELETE /clients/{client_id} */
const discard: Respond = async (event, server) => {
  await deleteClientAdmin(clientRequest(event), server)
  return noContent()
}

/** POST /clients/{client_id}/approval */
const decide: Respond = async (event, server) =>
  json(200, await decideRegistration(requestWithBody(event, server), server))

const registrationRequest = (event: APIGatewayProxyEventV2) => ({
  bearer: bearerToken(event),
  verification_code: pathParameter(event, 'verification_code'),
  now: receivedAt(event),
})

/** GET /pending-registrations/{verification_code} */
const showPending: Respond = async (event, server) =>
  json(200, await getPendingRegistration(registrationRequest(event), server))

/** POST /pending-registrations/{verification_code}/approval */
const decidePending: Respond = async (event, server) => {
  const body = jsonBody(event, server.settings.limits.body, 'invalid_request')
  const request = { ...registrationRequest(event), body }
  return json(200, await decidePendingRegistration(request, server))
}

/** POST /clients/{client_id}/secret-check */
const checkSecret: Respond = async (event, server) =>
  json(200, await checkClientSecret(requestWithBody(event, server), server))

/** POST /clients/{client_id}/registration-access-token */
const reissue: Respond = async (event, server) =>
  json(200, await reissueRegistrationAccessToken(clientRequest(event), server))

export const handler = endpoint(
  composeServer(['KEY_RING_SECRET', 'MASTER_TOKEN_SECRET']),
  byPath({
    '/clients': { GET: ['client.list', list] },
    '/clients/{client_id}': {
      GET: ['client.get', show],
      PATCH: ['client.update', change],
      DELETE: ['client.delete', discard],
    },
    '/clients/{client_id}/approval': { POST: ['client.approval', decide] },
    '/clients/{client_id}/secret-check': { POST: ['client.secret_check', checkSecret] },
    '/clients/{client_id}/registration-access-token': {
      POST: ['registration_access_token.reissue', reissue],
    },
    '/pending-registrations/{verification_code}': {
      GET: ['pending_registration.get', showPending],
    },
    '/pending-registrations/{verification_code}/approval': {
      POST: ['pending_registration.approval', decidePending],
    },
    '/applications': { GET: ['console', consolePage], HEAD: ['console', consolePage] },
  }),
)
