import { generateWriteId, type RegisteredClient } from '../client.ts'
import { OAuthError } from '../errors.ts'
import type { Condition } from '../ports/client-store.ts'
import { clientLogFields } from '../ports/request-log-fields.ts'
import type { Server } from '../server.ts'
import {
  carriesMac,
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
 * MAC for another client) and `temporarily_unavailable` (the key ring is unavailable).
 */
export async function requireRegistrationAccessToken(
  bearer: string | undefined,
  client_id: string,
  { settings, keyRing }: Server,
): Promise<RegistrationAccessToken> {
  if (bearer === undefined)
    throw new OAuthError('missing_token', 'a registration access token is required')
  const token = parseRegistrationAccessToken(bearer)
  if (token === undefined || !/^[\x20-\x7E]{1,255}$/.test(client_id))
    throw invalidRegistrationAccessToken()
  if (!(await mayBeTokenOf(client_id, token, settings.registrationAccessToken, keyRing)))
    throw invalidRegistrationAccessToken()
  return token
}

/**
 * Returns the client's current token if the presented token is the current one or, for
 * `reuseWindow` seconds after the rotation, the previous one; the current token is then derived
 * from it. Undefined for any other or an expired token, and if the client is disabled or does not
 * exist. After the window, the previous token disables the client if `onReuse` is `disable`.
 */
export async function currentToken(
  client: RegisteredClient | undefined,
  presented: RegistrationAccessToken,
  now: number,
  server: Server,
): Promise<RegistrationAccessToken | undefined> {
  const { settings, keyRing, annotate } = server
  if (client !== undefined) annotate(clientLogFields(client))
  if (client?.token_digest === undefined || client.disabled_at !== undefined) return undefined
  const { token_digest } = client
  if (client.token_expires_at !== undefined && client.token_expires_at <= now) return undefined
  if (hasDigest(presented, token_digest)) return presented
  const { rotation_nonce, rotation_key, rotated_at } = client
  if (rotation_nonce === undefined || rotation_key === undefined || rotated_at === undefined)
    return undefined
  const { reuseWindow, onReuse } = settings.registrationAccessToken
  // With a window of 0, `now` may precede `rotated_at` in concurrent requests: still no reuse.
  const isOver = reuseWindow === 0 || now >= rotated_at + reuseWindow
  const derived = derive(client.client_id, presented, { rotation_nonce, rotation_key }, keyRing)
  // After the window, reuse is only detected, never accepted: missing keys must not cause a 503.
  const candidates = await (isOver ? derived.catch(() => []) : derived)
  const successor = candidates.find((candidate) => hasDigest(candidate, token_digest))
  if (successor === undefined) return undefined
  annotate({ conflict: true })
  if (!isOver) return successor
  if (onReuse === 'disable') await disable(client, { token_digest, now }, server)
  return undefined
}

/** The token was stolen, and the legitimate holder is unknown (RFC 9700 §4.14.2): block both. */
async function disable(
  { client_id }: RegisteredClient,
  current: Condition,
  { clients, annotate, warn }: Server,
): Promise<void> {
  const { outcome } = await clients.disable(client_id, current, generateWriteId())
  // A concurrent request disabled or deleted the client, or replaced its token.
  if (outcome === 'refused') return
  annotate({ disabled: true })
  warn(
    `client ${client_id} disabled: a replaced registration access token was used again`,
    undefined,
  )
}

/** A client and its current registration access token. */
export type Authenticated = {
  readonly client: RegisteredClient
  readonly token: RegistrationAccessToken
}

/**
 * Reads the client before a write if the token has no MAC. Such tokens can be guessed at, and a
 * failed conditional write is billed by item size, several times the cost of a read.
 * Throws OAuthError `invalid_token`.
 */
export async function checkBeforeWrite(
  client_id: string,
  presented: RegistrationAccessToken,
  now: number,
  server: Server,
): Promise<void> {
  if (carriesMac(presented)) return
  await authenticate(await server.clients.find(client_id), presented, now, server)
}

/** Returns the client and its current token. Throws OAuthError `invalid_token`. */
export async function authenticate(
  client: RegisteredClient | undefined,
  presented: RegistrationAccessToken,
  now: number,
  server: Server,
): Promise<Authenticated> {
  const token = await currentToken(client, presented, now, server)
  if (client === undefined || token === undefined) throw invalidRegistrationAccessToken()
  return { client, token }
}
