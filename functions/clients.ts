import { deleteClientAdmin } from '../lib/operator/delete-client-admin.ts'
import { getClient } from '../lib/operator/get-client.ts'
import { listClients } from '../lib/operator/list-clients.ts'
import { reissueRegistrationAccessToken } from '../lib/operator/reissue-registration-access-token.ts'
import { updateClientAdmin } from '../lib/operator/update-client-admin.ts'
import { composeServer } from './compose-server.ts'
import { applications } from './console/respond.ts'
import { byMethod } from './http/by-method.ts'
import { endpoint, type Respond } from './http/endpoint.ts'
import { operation } from './http/operation.ts'
import { bearerToken, jsonBody, pathParameter, receivedAt } from './http/request.ts'
import { json, noContent } from './http/response.ts'

const clientRequest = (event: Parameters<Respond>[0]) => ({
  bearer: bearerToken(event),
  client_id: pathParameter(event, 'client_id'),
  now: receivedAt(event),
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
  json(200, await getClient(clientRequest(event), server))

/** PATCH /clients/{client_id} */
const change: Respond = async (event, server) => {
  const request = {
    ...clientRequest(event),
    body: jsonBody(event, server.settings.limits.body, 'invalid_request'),
  }
  return json(200, await updateClientAdmin(request, server))
}

/** DELETE /clients/{client_id} */
const discard: Respond = async (event, server) => {
  await deleteClientAdmin(clientRequest(event), server)
  return noContent()
}

/** POST /clients/{client_id}/registration-access-token */
const reissue: Respond = async (event, server) =>
  json(200, await reissueRegistrationAccessToken(clientRequest(event), server))

const page = operation('console', applications)
const collection = byMethod({ GET: operation('client.list', list) })
const member = byMethod({
  GET: operation('client.get', show),
  PATCH: operation('client.update', change),
  DELETE: operation('client.delete', discard),
})
const registrationAccessToken = byMethod({
  POST: operation('registration_access_token.reissue', reissue),
})

export const handler = endpoint(composeServer(), (event, server) => {
  if (event.routeKey.endsWith(' /applications')) return page(event, server)
  if (event.pathParameters?.client_id === undefined) return collection(event, server)
  const isToken = event.routeKey.endsWith('/registration-access-token')
  return isToken ? registrationAccessToken(event, server) : member(event, server)
})
