import { registerClient } from '../lib/register-client.ts'
import type { Server } from '../lib/server.ts'
import { composeServer } from './compose-server.ts'
import { byMethod } from './http/by-method.ts'
import { endpoint, type Respond } from './http/endpoint.ts'
import { operation } from './http/operation.ts'
import { registrationBody } from './http/registration-body.ts'
import { bearerToken, receivedAt } from './http/request.ts'
import { json } from './http/response.ts'

/** POST /register — RFC 7591 §3.1 Client Registration Request */
const register: Respond = async (event, server) => {
  const bearer = registrationBearer(event, server)
  const request = { bearer, ...(await registrationBody(event, server)), now: receivedAt(event) }
  return json(server.settings.successStatus, await registerClient(request, server))
}

/** With settings.ignoreUnknownTokens, a header that is no bearer token at all is somebody else's: unless one of ours is in it. */
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
  composeServer(),
  byMethod({ POST: operation('register', register) }),
)
