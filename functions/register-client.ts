import { registerClient } from '../lib/register-client.ts'
import { byMethod } from './http/by-method.ts'
import { endpoint, type Respond } from './http/endpoint.ts'
import { operation } from './http/operation.ts'
import { registrationBody } from './http/registration-body.ts'
import { bearerToken, receivedAt } from './http/request.ts'
import { json } from './http/response.ts'
import { composeServer } from './server.ts'

/** POST /register — RFC 7591 §3.1 Client Registration Request */
const register: Respond = async (event, server) => {
  const bearer = bearerToken(event)
  const request = { bearer, ...(await registrationBody(event, server)), now: receivedAt(event) }
  return json(server.settings.successStatus, await registerClient(request, server))
}

export const handler = endpoint(
  composeServer(),
  byMethod({ POST: operation('register', register) }),
)
