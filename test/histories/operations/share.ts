import { registerClient } from '../../../lib/register-client.ts'
import { clientOf, learnToken } from '../known.ts'
import { expiry } from '../match-token.ts'
import { newClient } from '../new-client.ts'
import { type CallContext, defineOperation, type Effect, generated } from '../operation.ts'
import { revival, revivesLater } from '../revival.ts'
import { sharedKey } from '../shared.ts'
import { type ClientState, type State, withClient } from '../state.ts'

type Share = { readonly client: string; readonly port: number }

/** A registration that shares its client with equal ones: all but the port are those of a program. */
export const share = defineOperation<Share>({
  name: 'share',
  mayRepeat: () => true,
  choose: ({ subject, variant }, { sharing }) =>
    sharing ? { client: sharedKey(subject), port: 4_000 + variant } : undefined,
  async call({ client: key, port }, { now }, server, known) {
    const redirect_uris = [`http://127.0.0.1:${port}/callback`]
    const body = {
      client_name: key,
      software_id: `${known.history} ${key}`,
      token_endpoint_auth_method: 'none',
      redirect_uris,
    }
    const response = await registerClient({ bearer: undefined, body, now }, server)
    const { client_id, client_id_issued_at, registration_access_token: token } = response
    const earlier = clientOf(known, key)
    if (earlier === undefined) known.clients.push({ key, client_id, secrets: [], tokens: [] })
    learnToken(known, key, token)
    return {
      token,
      since: client_id_issued_at,
      isSame: earlier === undefined || earlier.client_id === client_id,
      port: new URL(String(response.redirect_uris?.[0])).port,
    }
  },
  effects(state, given, context) {
    const { client: key, port } = given
    const client = state.clients[key]
    if (client?.disabled && !client.pending)
      return revivesLater([{ next: state, rejected: 'invalid_client_metadata' }], given, context)
    const joined = client ?? {
      ...newClient(key, 'anonymous', context),
      since: context.now,
    }
    return revivesLater([joins(state, key, joined, port, context)], given, context)
  },
  creates: ({ client }) => client,
  parts: ({ client }) => [revival(client)],
})

/** A registration joins its client, and gets a token of its own that only reads. */
function joins(
  state: State,
  key: string,
  client: ClientState,
  port: number,
  context: CallContext,
): Effect {
  const token = generated(context)
  const since = client.since ?? 0
  const sharedTokens = { ...state.sharedTokens, [token]: { since, until: expiry(context) } }
  return {
    next: { ...withClient(state, key, client), sharedTokens },
    response: { token, since, isSame: true, port: String(port) },
  }
}
