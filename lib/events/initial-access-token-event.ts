import { omitUndefined } from '../omit-undefined.ts'
import type { InitialAccessToken } from '../tokens/initial-access-token.ts'
import type { InitialAccessTokenChange } from './change.ts'
import type { RegistryEvent } from './registry-event.ts'

/** Maps an initial access token's change (RFC 7591 §1.2) to its event, if it is published. */
export function initialAccessTokenEvent(
  change: InitialAccessTokenChange,
): RegistryEvent | undefined {
  const { before, after, expired } = change
  if (after === undefined) {
    // The last `consumed` event already implies the end of the token.
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
  return omitUndefined({
    version: 1 as const,
    id,
    time,
    // A token is written when issued, on each use and on deletion, and at no other time.
    sequence: 1 + countUses(token) + removed,
    initial_access_token,
    owner: sub,
    expires_at,
    max_uses,
    uses_left,
  })
}

/** Number of uses consumed so far. */
const countUses = ({ max_uses = 0, uses_left = 0 }: InitialAccessToken): number =>
  max_uses - uses_left
