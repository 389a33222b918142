import type { KeyRingSource } from '../ports/key-ring-source.ts'
import type { Settings } from '../settings/schema.ts'
import { decryptSecretJwe, encryptSecretJwe, secretKeyId } from './secret-jwe.ts'
import { sha256 } from './token.ts'

/** The digest and, unless `storage` is `digest`, the secret as compact JWE (RFC 7516). */
export type StoredClientSecret = {
  readonly secret_digest: Uint8Array
  readonly secret_jwe?: string | undefined
  /** Unix seconds; 0 means never (RFC 7591 §3.2.1). */
  readonly client_secret_expires_at: number
}

/** Whether the secret of a client has expired; `now` in Unix seconds. */
export const isSecretExpired = (
  { client_secret_expires_at: expires = 0 }: Partial<StoredClientSecret>,
  now: number,
): boolean => expires !== 0 && expires <= now

/** The secret before the last renewal: valid until it expires, beside the current one. */
export type PreviousClientSecret = {
  readonly previous_secret_digest: Uint8Array
  readonly previous_secret_jwe?: string | undefined
  /** Unix seconds; never 0. */
  readonly previous_secret_expires_at: number
}

export type IssuedClientSecret = {
  readonly client_secret: string
  readonly stored: StoredClientSecret
}

/**
 * Generates a client secret and its stored form (RFC 7591 §3.2.1 `client_secret`).
 * Rejects with OAuthError `temporarily_unavailable` if the key ring is unavailable.
 */
export async function issueClientSecret(
  client_id: string,
  settings: Settings['clientSecret'],
  generate: () => string | Promise<string>,
  clientSecretKeyRing: KeyRingSource,
  now: number,
): Promise<IssuedClientSecret> {
  const client_secret = await generate()
  const stored = {
    secret_digest: sha256(client_secret),
    client_secret_expires_at: settings.lifetime === 0 ? 0 : now + settings.lifetime,
  }
  if (settings.storage === 'digest') return { client_secret, stored }
  return {
    client_secret,
    stored: { ...stored, secret_jwe: await encrypt(client_id, client_secret, clientSecretKeyRing) },
  }
}

async function encrypt(
  client_id: string,
  client_secret: string,
  keyRing: KeyRingSource,
): Promise<string> {
  return encryptSecretJwe(client_id, client_secret, await keyRing())
}

/** The sources of the keys of client secrets. */
export type ClientSecretKeyRings = {
  readonly clientSecretKeyRing: KeyRingSource
  /** The ring of registration access tokens, which encrypted client secrets before version 0.2. */
  readonly keyRing: KeyRingSource
}

/**
 * Decrypts a client secret with the ring that has its key; they are reloaded if both lack it.
 * Rejects like the key rings and `decryptSecretJwe`.
 */
export async function decryptClientSecret(
  client_id: string,
  secret_jwe: string,
  { clientSecretKeyRing, keyRing }: ClientSecretKeyRings,
): Promise<string> {
  const kid = secretKeyId(secret_jwe)
  const before = await keyRing()
  const ring = await clientSecretKeyRing(({ keys }) => keys.has(kid) || before.keys.has(kid))
  return decryptSecretJwe(client_id, secret_jwe, [ring, await keyRing()])
}

/**
 * Encrypts a stored client secret again unless the ring of client secrets has its key. Where the
 * plaintext is `known`, no other ring needs its key. Rejects like `decryptClientSecret`.
 */
export async function moveToClientSecretKeyRing(
  client_id: string,
  secret_jwe: string,
  keyRings: ClientSecretKeyRings,
  known?: string,
): Promise<string> {
  const { keys } = await keyRings.clientSecretKeyRing()
  if (keys.has(secretKeyId(secret_jwe))) return secret_jwe
  const client_secret = known ?? (await decryptClientSecret(client_id, secret_jwe, keyRings))
  return encrypt(client_id, client_secret, keyRings.clientSecretKeyRing)
}
