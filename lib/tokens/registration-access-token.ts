import { createHmac } from 'node:crypto'
import type { KeyRingSource } from '../ports/key-ring-source.ts'
import type { Settings } from '../settings/schema.ts'
import { currentKeyFor, type KeyRing, keyFor } from './key-ring.ts'
import { appendMac, hasMac, lengthWithMac, macUse } from './registration-access-token-mac.ts'
import { generateBytes, sha256, tokenBytes } from './token.ts'

/**
 * RFC 7592 §1.2: a bearer token for exactly one client, at its client configuration endpoint. It
 * consists of a random secret and a MAC, which rejects forged tokens without a database read.
 * Older tokens consist of the secret only.
 */
export type RegistrationAccessToken = `rat_${string}`

const tokenPattern = new RegExp(`^rat_([\\w-]{43}|[\\w-]{${lengthWithMac}})$`)

/** Stored on the client; `token_expires_at` (Unix seconds) is omitted if it never expires. */
export type StoredRegistrationAccessToken = {
  readonly token_digest: Uint8Array
  readonly token_expires_at?: number
}

/** The last rotation: the current token can be derived from the previous token and these values. */
export type Rotation = {
  readonly rotation_nonce: Uint8Array
  readonly rotation_key: string
  /** Unix seconds. */
  readonly rotated_at: number
}

export type Successor = {
  readonly token: RegistrationAccessToken
  readonly stored: StoredRegistrationAccessToken & Rotation
}

/** Checks the format of a registration access token; undefined if it does not match. */
export const parseRegistrationAccessToken = (
  bearer: string,
): RegistrationAccessToken | undefined =>
  tokenPattern.test(bearer) ? (bearer as RegistrationAccessToken) : undefined

/** Generates a registration access token for a client. Rejects like the key ring. */
export async function generateRegistrationAccessToken(
  client_id: string,
  keyRing: KeyRingSource,
): Promise<RegistrationAccessToken> {
  const key = currentKeyFor(await keyRing(), macUse)
  return `rat_${appendMac(client_id, generateBytes(tokenBytes), key)}`
}

/** Whether a token has a MAC; without one, only a database read can verify it. */
export const carriesMac = (token: RegistrationAccessToken): boolean =>
  token.length === 'rat_'.length + lengthWithMac

/**
 * Whether the MAC verifies the token for this client. A token without a MAC passes unless
 * `requireMac` is set. Rejects like the key ring.
 */
export async function mayBeTokenOf(
  client_id: string,
  token: RegistrationAccessToken,
  { requireMac }: Settings['registrationAccessToken'],
  keyRing: KeyRingSource,
): Promise<boolean> {
  if (!carriesMac(token)) return !requireMac
  const secret = token.slice('rat_'.length)
  const isProven = (ring: KeyRing) => hasMac(client_id, secret, ring)
  return isProven(await keyRing(isProven))
}

/** The stored form of a token issued at `now` (Unix seconds). */
export function storedToken(
  token: RegistrationAccessToken,
  { lifetime }: Settings['registrationAccessToken'],
  now: number,
): StoredRegistrationAccessToken {
  const token_digest = sha256(token)
  return lifetime === 0 ? { token_digest } : { token_digest, token_expires_at: now + lifetime }
}

/** Derives a token's successor with a new nonce and the current key. Rejects like the key ring. */
export async function deriveSuccessor(
  client_id: string,
  token: RegistrationAccessToken,
  settings: Settings['registrationAccessToken'],
  keyRing: KeyRingSource,
  now: number,
): Promise<Successor> {
  const rotation_nonce = generateBytes(16)
  const { current: rotation_key } = await keyRing()
  const [successor] = await derive(client_id, token, { rotation_nonce, rotation_key }, keyRing)
  if (successor === undefined) throw new Error('the key ring lost its current key')
  return {
    token: successor,
    stored: {
      ...storedToken(successor, settings, now),
      rotation_nonce,
      rotation_key,
      rotated_at: now,
    },
  }
}

/**
 * Derives the successor of a recorded rotation, with a MAC and in the older form without one.
 * Empty if the rotation's key is no longer in the ring.
 */
export async function derive(
  client_id: string,
  token: RegistrationAccessToken,
  { rotation_nonce, rotation_key }: Pick<Rotation, 'rotation_nonce' | 'rotation_key'>,
  keyRing: KeyRingSource,
): Promise<readonly RegistrationAccessToken[]> {
  const ring = await keyRing(({ keys }) => keys.has(rotation_key))
  const key = keyFor(ring, rotation_key, 'registration_access_token')
  const macKey = keyFor(ring, rotation_key, macUse)
  if (key === undefined || macKey === undefined) return []
  const secret = createHmac('sha256', key)
    .update(rotation_nonce)
    .update(`\0${client_id}\0${token}`)
    .digest()
  return [`rat_${appendMac(client_id, secret, macKey)}`, `rat_${secret.toString('base64url')}`]
}
