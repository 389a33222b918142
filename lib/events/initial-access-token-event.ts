import type { InitialAccessToken } from '../tokens/initial-access-token.ts'
import type { InitialAccessTokenChange } from './change.ts'
import type { RegistryEvent } from './registry-event.ts'

/** What is published of the change of an initial access token (RFC 7591 §1.2). */
export function initialAccessTokenEvent(
  change: InitialAccessTokenChange,
): RegistryEvent | undefined {
  const { before, after, expired } = change
  if (after === undefined) {
    // Its last `consumed` told its end already.
    if (before === undefined || (expired && before.uses_left === 0)) return undefined
    const detail = toDetail(before, change, 1)
    return { type: `initial_access_token.${expired ? 'expired' : 'revoked'}`, detail }
  }
  const detail = toDetail(after, change, 0)
  if (before === undefined) return { type: 'initial_access_token.issued', detail }
  return countUses(after) > countUses(before)
    ? { type: 'initial_access_token.consumed', detail }
    : undefined
}

function toDetail(
  token: InitialAccessToken,
  { id, time }: Pick<InitialAccessTokenChange, 'id' | 'time'>,
  removed: 0 | 1,
) {
  const { id: initial_access_token, sub, expires_at, max_uses, uses_left } = token
  return {
    version: 1,
    id,
    time,
    // Issued, then each use, then the removal: nothing else writes a token.
    sequence: 1 + countUses(token) + removed,
    initial_access_token,
    ...(sub !== undefined && { owner: sub }),
    expires_at,
    ...(max_uses !== undefined && { max_uses }),
    ...(uses_left !== undefined && { uses_left }),
  } as const
}

/** How many registrations have spent it. */
const countUses = ({ max_uses = 0, uses_left = 0 }: InitialAccessToken): number =>
  max_uses - uses_left
