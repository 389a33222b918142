import { issueInitialAccessToken } from '../lib/operator/issue-initial-access-token.ts'
import { listInitialAccessTokens } from '../lib/operator/list-initial-access-tokens.ts'
import { revokeInitialAccessToken } from '../lib/operator/revoke-initial-access-token.ts'
import { composeServer } from './compose-server.ts'
import { byPath } from './http/by-path.ts'
import { endpoint, type Respond } from './http/endpoint.ts'
import { bearerToken, jsonBody, pageRequest, pathParameter, receivedAt } from './http/request.ts'
import { json, noContent } from './http/response.ts'

/** POST /initial-access-tokens. The body and all of its members are optional. */
const issue: Respond = async (event, server) => {
  const { limits } = server.settings
  const request = {
    bearer: bearerToken(event),
    body: event.body === undefined ? {} : jsonBody(event, limits.body, 'invalid_request'),
    now: receivedAt(event),
  }
  return json(200, await issueInitialAccessToken(request, server))
}

/** GET /initial-access-tokens?limit=50&cursor=… */
const list: Respond = async (event, server) =>
  json(200, await listInitialAccessTokens(pageRequest(event), server))

/** DELETE /initial-access-tokens/{id} */
const revoke: Respond = async (event, server) => {
  const bearer = bearerToken(event)
  const id = pathParameter(event, 'id')
  await revokeInitialAccessToken({ bearer, id, now: receivedAt(event) }, server)
  return noContent()
}

export const handler = endpoint(
  composeServer(['MASTER_TOKEN_SECRET']),
  byPath({
    '/initial-access-tokens': {
      POST: ['initial_access_token.create', issue],
      GET: ['initial_access_token.list', list],
    },
    '/initial-access-tokens/{id}': { DELETE: ['initial_access_token.revoke', revoke] },
  }),
)
