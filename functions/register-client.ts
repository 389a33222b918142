import { registerClient } from '../lib/register-client.ts'
import type { Server } from '../lib/server.ts'
import { composeServer } from './compose-server.ts'
import { byMethod } from './http/by-method.ts'
import { endpoint, type Respond } from './http/endpoint.ts'
import { registrationBody } from './http/registration-body.ts'
import { bearerToken, receivedAt } from './http/request.ts'
import { json } from './http/response.ts'

/** POST /register: Client Registration Request (RFC 7591 §3.1). */
const register: Respond = async (event, server) => {
  const bearer = registrationBearer(event, server)
  const request = { bearer, ...(await registrationBody(event, server)), now: receivedAt(event) }
  return json(server.settings.successStatus, await registerClient(request, server))
}

/**
 * With settings.ignoreUnknownTokens, ignores an Authorization header that is not a valid bearer
 * token, unless it contains a token that this service issued.
 */
function registrationBearer(event: Parameters<Respond>[0], { settings }: Server) {
  try {
    return bearerToken(event)
  } catch (error) {
    const { authorization = '', ...headers } = event.headers
    if (!settings.ignoreUnknownTokens || /[ir]at_/.test(authorization)) throw error
    return bearerToken({ ...event, headers })
  }
}

export const handler = endpoint(
  composeServer([
    'KEY_RING_SECRET',
    'CLIENT_SECRET_KEY_RING_SECRET',
    'MASTER_TOKEN_SECRET',
    'STATIC_INITIAL_ACCESS_TOKEN_SECRET',
  ]),
  byMethod({ POST: ['register', register] }),
)
