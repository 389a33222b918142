import { awaitsApproval, invalidToken } from './match-token.ts'
import type { CallContext, Effect } from './operation.ts'
import type { State } from './state.ts'

const prefix = 'shared '

/** The key of the client that all registrations of this program share. */
export const sharedKey = (program: number): string => `${prefix}${program}`

export const isShared = (key: string): boolean => key.startsWith(prefix)

type ByToken = { readonly client: string; readonly token: string }

const isProven = ({ sharedTokens }: State, { token }: ByToken, now: number): boolean =>
  (sharedTokens[token]?.until ?? 0) > now

/** The token of a shared client reads it, until it is disabled, deleted or registered anew. */
export function readShared(state: State, given: ByToken, { now }: CallContext): readonly Effect[] {
  const client = state.clients[given.client]
  if (client === undefined || !isProven(state, given, now)) return invalidToken(state)
  if (client.since !== state.sharedTokens[given.token]?.since) return invalidToken(state)
  if (client.pending) return awaitsApproval(state)
  if (client.disabled) return invalidToken(state)
  return [{ next: state, response: { token: given.token, name: client.name } }]
}

/** Nobody changes a shared client by its token. */
export const changeShared = (
  state: State,
  given: ByToken,
  { now }: CallContext,
): readonly Effect[] =>
  isProven(state, given, now)
    ? [{ next: state, rejected: 'insufficient_scope' }]
    : invalidToken(state)
