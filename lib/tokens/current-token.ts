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

/** RFC 7592 §2: one answer for a wrong token, an expired one, another client's, and an unknown client. */
export const invalidRegistrationAccessToken = () =>
  new OAuthError('invalid_token', 'the registration access token is not valid for this client')

/**
 * The bearer of a request to the client configuration endpoint, before anything is asked of the database.
 * Throws OAuthError `missing_token`, `invalid_token` where it or the client identifier cannot be one of ours, or it was
 * not made for this client, and `temporarily_unavailable` where the keys that tell cannot be had.
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
 * The client's current token, where the presented one is that token or, for `reuseWindow` seconds after the
 * rotation, the one before it: then the current token is derived again. Undefined where it is neither, has
 * expired, or the client is disabled or gone. After the window the one before disables the client, where the settings
 * take it for stolen.
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
  // Without a window there is none either for whoever came a second before the rotation and was served after it.
  const isOver = reuseWindow === 0 || now >= rotated_at + reuseWindow
  const derived = derive(client.client_id, presented, { rotation_nonce, rotation_key }, keyRing)
  // After the window it only tells the operator, and that is worth no 503 where the keys cannot be read.
  const candidates = await (isOver ? derived.catch(() => []) : derived)
  const successor = candidates.find((candidate) => hasDigest(candidate, token_digest))
  if (successor === undefined) return undefined
  annotate({ conflict: true })
  if (!isOver) return successor
  if (onReuse === 'disable') await disable(client, { token_digest, now }, server)
  return undefined
}

/** One of two holds a stolen token, and nobody knows which (RFC 9700 §4.14.2): neither of them goes on. */
async function disable(
  { client_id }: RegisteredClient,
  current: Condition,
  { clients, annotate, warn }: Server,
): Promise<void> {
  const { outcome } = await clients.disable(client_id, current, generateWriteId())
  // It was disabled, deleted or given another token meanwhile.
  if (outcome === 'refused') return
  annotate({ disabled: true })
  warn(
    `client ${client_id} disabled: a replaced registration access token was used again`,
    undefined,
  )
}

/** A client, and its current registration access token. */
export type Authenticated = {
  readonly client: RegisteredClient
  readonly token: RegistrationAccessToken
}

/**
 * Looks for a token without a MAC before a write is tried with it: anybody can guess at one, and a write that its condition
 * refuses costs what the client weighs, several times what a read does. Throws OAuthError `invalid_token`.
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

/** The client whose token was presented, with its current token. Throws OAuthError `invalid_token`. */
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
