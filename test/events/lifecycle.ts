import { deleteClient } from '../../lib/delete-client.ts'
import type { JsonObject } from '../../lib/json.ts'
import { deleteClientAdmin } from '../../lib/operator/delete-client-admin.ts'
import { issueInitialAccessToken } from '../../lib/operator/issue-initial-access-token.ts'
import { reissueRegistrationAccessToken } from '../../lib/operator/reissue-registration-access-token.ts'
import { revokeInitialAccessToken } from '../../lib/operator/revoke-initial-access-token.ts'
import { updateClientAdmin } from '../../lib/operator/update-client-admin.ts'
import { readClient } from '../../lib/read-client.ts'
import { registerClient } from '../../lib/register-client.ts'
import type { Server } from '../../lib/server.ts'
import { updateClient } from '../../lib/update-client.ts'
import { now, ordinary, registered } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'

const bearer = masterToken

/** One client and all that can be done to it; its token follows each rotation. `seen` keeps every secret shown. */
export async function client(server: Server, seen: unknown[] = []) {
  let { client_id, client_secret, token } = await registered(server)
  seen.push(client_secret, token)
  const follow = (answer: { client_secret?: string; registration_access_token?: string }) => {
    token = (answer.registration_access_token ?? token) as typeof token
    seen.push(answer.client_secret, answer.registration_access_token)
  }
  return {
    client_id,
    read: async () => follow(await readClient({ bearer: token, client_id, now }, server)),
    update: async (body: JsonObject) => {
      const whole = { ...ordinary, client_id, ...body }
      follow(await updateClient({ bearer: token, client_id, now, body: whole }, server))
    },
    change: (body: JsonObject, at = now) =>
      updateClientAdmin({ bearer, client_id, now: at, body }, server),
    reissue: async () =>
      follow(await reissueRegistrationAccessToken({ bearer, client_id, now }, server)),
    remove: () => deleteClient({ bearer: token, client_id, now }, server),
    discard: () => deleteClientAdmin({ bearer, client_id, now }, server),
  }
}

/** An initial access token and all that can be done to it. */
export async function initialAccessToken(
  server: Server,
  body: JsonObject = {},
  seen: unknown[] = [],
) {
  const { id, access_token } = await issueInitialAccessToken({ bearer, body, now }, server)
  seen.push(access_token)
  return {
    id,
    register: async () => {
      const answer = await registerClient({ bearer: access_token, body: ordinary, now }, server)
      seen.push(answer.client_secret, answer.registration_access_token)
      return answer.client_id
    },
    revoke: () => revokeInitialAccessToken({ bearer, id, now }, server),
  }
}
