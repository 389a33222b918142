import { renewClientSecretAdmin } from '../lib/operator/renew-client-secret-admin.ts'
import { composeServer } from './compose-server.ts'
import { byMethod } from './http/by-method.ts'
import { endpoint, type Respond } from './http/endpoint.ts'
import { clientRequest, optionalJsonBody } from './http/request.ts'
import { json } from './http/response.ts'

/** POST /clients/{client_id}/client-secret */
const renew: Respond = async (event, server) => {
  const request = {
    ...clientRequest(event),
    body: optionalJsonBody(event, server.settings.limits.body),
  }
  return json(200, await renewClientSecretAdmin(request, server))
}

export const handler = endpoint(
  composeServer(['KEY_RING_SECRET', 'CLIENT_SECRET_KEY_RING_SECRET', 'MASTER_TOKEN_SECRET']),
  byMethod({ POST: ['client.renew_secret', renew] }),
)
