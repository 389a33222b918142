import { deleteClient } from '../lib/delete-client.ts'
import { readClient } from '../lib/read-client.ts'
import { renewClientSecret } from '../lib/renew-client-secret.ts'
import { requireChangingToken } from '../lib/sharing/require-changing-token.ts'
import { updateClient } from '../lib/update-client.ts'
import { composeServer } from './compose-server.ts'
import { byPath } from './http/by-path.ts'
import { endpoint, type Respond } from './http/endpoint.ts'
import { registrationBody } from './http/registration-body.ts'
import { clientRequest } from './http/request.ts'
import { json, noContent } from './http/response.ts'

/** GET /register/{client_id}: Client Read Request (RFC 7592 §2.1). */
const read: Respond = async (event, server) =>
  json(200, await readClient(clientRequest(event), server))

/**
 * PUT /register/{client_id}: Client Update Request (RFC 7592 §2.2). The token is checked before the
 * body is read, so that an unauthenticated caller cannot trigger the parsing of a body.
 */
const update: Respond = async (event, server) => {
  const request = clientRequest(event)
  await requireChangingToken(request, server)
  const body = await registrationBody(event, server)
  return json(200, await updateClient({ ...request, ...body }, server))
}

/** DELETE /register/{client_id}: Client Delete Request (RFC 7592 §2.3). */
const remove: Respond = async (event, server) => {
  await deleteClient(clientRequest(event), server)
  return noContent()
}

/** POST /register/{client_id}/client-secret */
const renew: Respond = async (event, server) =>
  json(200, await renewClientSecret(clientRequest(event), server))

const server = composeServer(['KEY_RING_SECRET', 'CLIENT_SECRET_KEY_RING_SECRET'])
const path = `${server.settings.registrationPath}/{client_id}`

export const handler = endpoint(
  server,
  byPath({
    [path]: {
      GET: ['read', read],
      PUT: ['update', update],
      DELETE: ['delete', remove],
    },
    [`${path}/client-secret`]: { POST: ['client_secret.renew', renew] },
  }),
)
