import { registerClient } from '../lib/register-client.ts'
import { byMethod } from './http/by-method.ts'
import { endpoint, type Respond } from './http/endpoint.ts'
import { bearerToken, jsonBody, receivedAt } from './http/request.ts'
import { json } from './http/response.ts'

/** POST /register — RFC 7591 §3.1 Client Registration Request */
const register: Respond = async (event, server) => {
  const { limits, successStatus } = server.settings
  const request = {
    bearer: bearerToken(event),
    body: jsonBody(event, limits.body),
    now: receivedAt(event),
  }
  return json(successStatus, await registerClient(request, server))
}

export const handler = endpoint(byMethod({ POST: register }))
