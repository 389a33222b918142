import { deleteClientAdmin } from '../../../lib/operator/delete-client-admin.ts'
import { getClient } from '../../../lib/operator/get-client.ts'
import { reissueRegistrationAccessToken } from '../../../lib/operator/reissue-registration-access-token.ts'
import { updateClientAdmin } from '../../../lib/operator/update-client-admin.ts'
import { masterToken } from '../../support/compose.ts'
import { clientOf, type Known, learnToken, newest, type Step } from '../known.ts'
import { expiry } from '../match-token.ts'
import { type CallContext, defineOperation, type Effect, generated } from '../operation.ts'
import { isShared } from '../shared.ts'
import { type ClientState, type State, withClient, withoutClient } from '../state.ts'

export type OfClient = { readonly client: string }

export function chooseClient({ subject }: Step, { clients }: Known): OfClient | undefined {
  const client = newest(clients, subject)
  return client && { client: client.key }
}

export const request = ({ client }: OfClient, { now }: Pick<CallContext, 'now'>, known: Known) => ({
  bearer: masterToken,
  client_id: clientOf(known, client)?.client_id ?? '',
  now,
})

export const notFound = (next: State): Effect => ({ next, rejected: 'not_found' })

/** The state after a change of the client, if there is one. */
function change(
  state: State,
  { client: key }: OfClient,
  changed: (client: ClientState) => ClientState,
  response: (client: ClientState) => Extract<Effect, { response: object }>['response'],
): readonly Effect[] {
  const client = state.clients[key]
  if (client === undefined) return [notFound(state)]
  const next = { ...changed(client), sequence: client.sequence + 1 }
  return [{ next: withClient(state, key, next), response: response(next) }]
}

const stateOf = ({ pending, disabled, stale }: ClientState) => {
  if (pending) return 'pending'
  if (disabled) return 'disabled'
  return stale ? 'stale' : 'active'
}

export const view = (client: ClientState) => ({
  state: stateOf(client),
  lastUsed: client.lastUsed,
  decision: client.decision?.outcome,
  version: client.version,
  sequence: client.sequence,
  name: client.name,
})

type View = Awaited<ReturnType<typeof getClient>>

export const viewed = (shown: View) => ({
  state: shown.state,
  lastUsed: shown.last_used_at,
  decision: shown.decision?.outcome,
  version: shown.version,
  sequence: shown.sequence,
  name: shown.metadata.client_name,
})

const setDisabled = (name: string, disabled: boolean) =>
  defineOperation<OfClient>({
    name,
    mayRepeat: () => true,
    choose: chooseClient,
    call: async (given, context, server, known) =>
      viewed(
        await updateClientAdmin({ ...request(given, context, known), body: { disabled } }, server),
      ),
    effects(state, given) {
      // A client that awaits approval is enabled by a decision only.
      if (!disabled && state.clients[given.client]?.pending)
        return [{ next: state, rejected: 'conflict' }]
      return change(state, given, (client) => ({ ...client, disabled }), view)
    },
  })

export const disable = setDisabled('disable', true)
export const enable = setDisabled('enable', false)

/** The operator makes a stale client active again, for as long as a used one. */
export const revive = defineOperation<OfClient>({
  name: 'revive',
  mayRepeat: () => true,
  choose: chooseClient,
  call: async (given, context, server, known) =>
    viewed(
      await updateClientAdmin(
        { ...request(given, context, known), body: { stale: false } },
        server,
      ),
    ),
  effects: (state, given, { now, settings: { cleanUp } }) =>
    change(
      state,
      given,
      (client) => ({
        ...client,
        stale: undefined,
        ...(cleanUp.mode !== 'off' && { due: { kind: 'DUE', at: now + cleanUp.unusedAfter } }),
      }),
      view,
    ),
})

export const get = defineOperation<OfClient>({
  name: 'get',
  choose: chooseClient,
  call: async (given, context, server, known) =>
    viewed(await getClient(request(given, context, known), server)),
  effects(state, { client }) {
    const found = state.clients[client]
    return [found === undefined ? notFound(state) : { next: state, response: view(found) }]
  },
})

export const reissue = defineOperation<OfClient>({
  name: 'reissue',
  mayRepeat: () => true,
  choose: chooseClient,
  async call(given, context, server, known) {
    const response = await reissueRegistrationAccessToken(request(given, context, known), server)
    learnToken(known, given.client, response.registration_access_token)
    return { token: response.registration_access_token }
  },
  effects: (state, given, context) =>
    isShared(given.client)
      ? [{ next: state, rejected: 'invalid_request' }]
      : change(
          state,
          given,
          (client) => ({
            ...client,
            token: generated(context),
            tokenExpiresAt: expiry(context),
            previous: undefined,
          }),
          ({ token }) => ({ token }),
        ),
})

export const discard = defineOperation<OfClient>({
  name: 'delete by operator',
  // A retry deletes whatever has the identifier: an equal registration may have taken it (decision 0039).
  mayRepeat: ({ client }) => isShared(client),
  choose: chooseClient,
  async call(given, context, server, known) {
    await deleteClientAdmin(request(given, context, known), server)
    return {}
  },
  effects(state, { client }, { ambiguous }) {
    const done = { next: withoutClient(state, client), response: {} }
    if (state.clients[client] !== undefined) return [done]
    // A client that is gone after a lost response is taken to be deleted by this call (decision 0004).
    return ambiguous ? [notFound(state), done] : [notFound(state)]
  },
})
