import type { RegisteredClient } from '../client.ts'
import { OAuthError } from '../errors.ts'
import type { Server } from '../server.ts'
import { isSharedClientId } from '../sharing/shared-client-id.ts'
import { isClientId } from './client-id.ts'
import {
  derive,
  mayBeTokenOf,
  parseRegistrationAccessToken,
  type RegistrationAccessToken,
} from './registration-access-token.ts'
import { hasDigest } from './token.ts'

/** RFC 7592 §2: one error for a wrong or expired token, another client's, or an unknown client. */
export const invalidRegistrationAccessToken = () =>
  new OAuthError('invalid_token', 'the registration access token is not valid for this client')

/**
 * Checks the bearer token at the client configuration endpoint without a database read.
 * Throws OAuthError `missing_token`, `invalid_token` (malformed token or client identifier, or a
 * MAC for another client) and `temporarily_unavailable` (the key ring is unavailable). The token of
 * a shared client is verified by `verifyReadOnlyToken`.
 */
export async function requireRegistrationAccessToken(
  bearer: string | undefined,
  client_id: string,
  { settings, keyRing }: Pick<Server, 'settings' | 'keyRing'>,
): Promise<RegistrationAccessToken> {
  if (bearer === undefined)
    throw new OAuthError('missing_token', 'a registration access token is required')
  const token = parseRegistrationAccessToken(bearer)
  if (token === undefined || !isClientId(client_id)) throw invalidRegistrationAccessToken()
  if (isSharedClientId(client_id)) return token
  if (!(await mayBeTokenOf(client_id, token, settings.registrationAccessToken, keyRing)))
    throw invalidRegistrationAccessToken()
  return token
}

/** What a presented token is to a client. */
export type TokenMatch =
  /** The current token, or its predecessor inside the reuse window; `current` is the current one. */
  | { readonly is: 'current' | 'previous'; readonly current: RegistrationAccessToken }
  /** The predecessor of the current token, after the reuse window. */
  | { readonly is: 'reused'; readonly current_digest: Uint8Array }
  /** The current token of a client that awaits approval. */
  | { readonly is: 'pending' }
  /** Any other token; also if the token has expired or the client is disabled. */
  | { readonly is: 'invalid' }

const invalid = { is: 'invalid' } as const

/**
 * Compares the presented token with the client's current one. For `reuseWindow` seconds after a
 * rotation the previous token is accepted; the current token is then derived from it.
 */
export async function matchToken(
  client: RegisteredClient,
  presented: RegistrationAccessToken,
  now: number,
  { settings, keyRing }: Pick<Server, 'settings' | 'keyRing'>,
): Promise<TokenMatch> {
  const { token_digest, token_expires_at, disabled_at, pending_at } = client
  if (token_digest === undefined) return invalid
  if (token_expires_at !== undefined && token_expires_at <= now) return invalid
  if (pending_at !== undefined && hasDigest(presented, token_digest)) return { is: 'pending' }
  if (disabled_at !== undefined) return invalid
  if (hasDigest(presented, token_digest)) return { is: 'current', current: presented }
  const { rotation_nonce, rotation_key, rotated_at } = client
  if (rotation_nonce === undefined || rotation_key === undefined || rotated_at === undefined)
    return invalid
  const { reuseWindow } = settings.registrationAccessToken
  // With a window of 0, `now` may precede `rotated_at` in concurrent requests: still no reuse.
  const isOver = reuseWindow === 0 || now >= rotated_at + reuseWindow
  const derived = derive(client.client_id, presented, { rotation_nonce, rotation_key }, keyRing)
  // After the window, reuse is only detected, never accepted: missing keys must not cause a 503.
  const candidates = await (isOver ? derived.catch(() => []) : derived)
  const successor = candidates.find((candidate) => hasDigest(candidate, token_digest))
  if (successor === undefined) return invalid
  return isOver
    ? { is: 'reused', current_digest: token_digest }
    : { is: 'previous', current: successor }
}
