import type { CallContext, Effect } from './operation.ts'
import { generated } from './operation.ts'
import { type ClientState, type State, withClient } from './state.ts'

type Match = 'current' | 'previous' | 'reused' | 'pending' | 'invalid'

/** What a presented token is to a client (RFC 7592, and the reuse window of the settings). */
function matchToken(
  client: ClientState | undefined,
  token: string,
  { now, settings }: CallContext,
): Match {
  if (client === undefined || client.tokenExpiresAt <= now) return 'invalid'
  if (client.pending && client.token === token) return 'pending'
  if (client.disabled) return 'invalid'
  if (client.token === token) return 'current'
  if (client.previous?.token !== token) return 'invalid'
  const { reuseWindow } = settings.registrationAccessToken
  return reuseWindow > 0 && now < client.previous.rotatedAt + reuseWindow ? 'previous' : 'reused'
}

export const invalidToken = (next: State): readonly Effect[] => [
  { next, rejected: 'invalid_token' },
]

export const awaitsApproval = (next: State): readonly Effect[] => [
  { next, rejected: 'unapproved_client' },
]

/** Lets a client act by its current token, or by the previous one in the window; rejects all others. */
export function byToken(
  state: State,
  { client: key, token }: { readonly client: string; readonly token: string },
  context: CallContext,
  act: (client: ClientState, match: 'current' | 'previous') => Effect | readonly Effect[],
): readonly Effect[] {
  const client = state.clients[key]
  const match = matchToken(client, token, context)
  if (client === undefined || match === 'invalid') return invalidToken(state)
  if (match === 'pending') return awaitsApproval(state)
  if (match !== 'reused') return [act(client, match)].flat()
  const disables = context.settings.registrationAccessToken.onReuse === 'disable'
  const { sequence } = client
  const disabled = { ...client, disabled: true, sequence: sequence + 1 }
  return invalidToken(disables ? withClient(state, key, disabled) : state)
}

/** The client after a rotation of its current token. */
export const rotated = (client: ClientState, context: CallContext): ClientState => ({
  ...client,
  token: generated(context),
  tokenExpiresAt: expiry(context),
  previous: { token: client.token, rotatedAt: context.now },
})

/** The client after a write by its own token, which records a use. */
export const usedByItself = (client: ClientState, { now, settings }: CallContext): ClientState =>
  settings.cleanUp.mode === 'off' ? client : { ...client, lastUsed: now, stale: undefined }

export const expiry = ({ now, settings }: CallContext): number =>
  now + settings.registrationAccessToken.lifetime
