import { createHmac } from 'node:crypto'
import type { Settings } from '../settings/settings.ts'
import { findKey, type KeyRingSource } from './key-ring.ts'
import { digestOf, draw, drawBytes, tokenBytes } from './token.ts'

/** RFC 7592 §1.2: a bearer token for exactly one client, at its client configuration endpoint. */
export type RegistrationAccessToken = `rat_${string}`

const shape = /^rat_[\w-]{43}$/

/** What of a registration access token is stored on its client; `token_expires_at` (Unix seconds) is left out where it never expires. */
export type StoredRegistrationAccessToken = {
  readonly token_digest: Uint8Array
  readonly token_expires_at?: number
}

/** How the current token came from the one before it: with these, and the old token, it can be derived again. */
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

/** The bearer as a registration access token, or undefined where it cannot be one. */
export const asRegistrationAccessToken = (bearer: string): RegistrationAccessToken | undefined =>
  shape.test(bearer) ? (bearer as RegistrationAccessToken) : undefined

/** Draws the first registration access token of a client. */
export const drawRegistrationAccessToken = (): RegistrationAccessToken => `rat_${draw(tokenBytes)}`

/** The stored form of a token that is issued now. */
export function storedToken(
  token: RegistrationAccessToken,
  { lifetime }: Settings['registrationAccessToken'],
  now: number,
): StoredRegistrationAccessToken {
  const token_digest = digestOf(token)
  return lifetime === 0 ? { token_digest } : { token_digest, token_expires_at: now + lifetime }
}

/** Derives the successor of a token under a fresh nonce and the current key. Rejects as the key ring does. */
export async function deriveSuccessor(
  client_id: string,
  token: RegistrationAccessToken,
  settings: Settings['registrationAccessToken'],
  keyRing: KeyRingSource,
  now: number,
): Promise<Successor> {
  const rotation_nonce = drawBytes(16)
  const { current: rotation_key } = await keyRing()
  const successor = await derive(client_id, token, { rotation_nonce, rotation_key }, keyRing)
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

/** The token that a recorded rotation made of this one; undefined where its key is gone from the ring. */
export async function derive(
  client_id: string,
  token: RegistrationAccessToken,
  { rotation_nonce, rotation_key }: Pick<Rotation, 'rotation_nonce' | 'rotation_key'>,
  keyRing: KeyRingSource,
): Promise<RegistrationAccessToken | undefined> {
  const key = await findKey(keyRing, rotation_key, 'registration_access_token')
  if (key === undefined) return undefined
  const mac = createHmac('sha256', key).update(rotation_nonce).update(`\0${client_id}\0${token}`)
  return `rat_${mac.digest('base64url')}`
}
