import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose'
import type { Settings } from '../settings/schema.ts'
import { currentKeyFor, findKey, type KeyRingSource } from './key-ring.ts'
import { sha256 } from './token.ts'

/** What is stored of a client secret: its digest and, unless only that is kept, the secret as compact JWE (RFC 7516). */
export type StoredClientSecret = {
  readonly secret_digest: Uint8Array
  readonly secret_jwe?: string
  /** Unix seconds; 0 means never (RFC 7591 §3.2.1). */
  readonly client_secret_expires_at: number
}

export type IssuedClientSecret = {
  readonly client_secret: string
  readonly stored: StoredClientSecret
}

/**
 * Draws a client secret and makes its stored form (RFC 7591 §3.2.1 `client_secret`).
 * Rejects as the key ring does when that cannot be had.
 */
export async function issueClientSecret(
  client_id: string,
  settings: Settings['clientSecret'],
  generate: () => string | Promise<string>,
  keyRing: KeyRingSource,
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
    stored: { ...stored, secret_jwe: await encrypt(client_id, client_secret, keyRing) },
  }
}

async function encrypt(
  client_id: string,
  client_secret: string,
  keyRing: KeyRingSource,
): Promise<string> {
  const ring = await keyRing()
  return new CompactEncrypt(new TextEncoder().encode(client_secret))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: ring.current, client_id })
    .encrypt(currentKeyFor(ring, 'client_secret'))
}

/**
 * The client secret in clear, from its compact JWE. Rejects where the key is gone, or the JWE is not ours or another
 * client's: RFC 7516 §5.1 authenticates its header. One from before it named its client is taken as it is.
 */
export async function decryptClientSecret(
  client_id: string,
  secret_jwe: string,
  keyRing: KeyRingSource,
): Promise<string> {
  const { kid } = decodeProtectedHeader(secret_jwe)
  if (kid === undefined) throw new Error('the stored client secret names no key')
  const key = await findKey(keyRing, kid, 'client_secret')
  if (key === undefined) throw new Error(`the key ring has no key ${kid}`)
  const { plaintext, protectedHeader } = await compactDecrypt(secret_jwe, key, {
    keyManagementAlgorithms: ['dir'],
    contentEncryptionAlgorithms: ['A256GCM'],
  })
  if ((protectedHeader.client_id ?? client_id) !== client_id)
    throw new Error('the stored client secret is that of another client')
  return new TextDecoder().decode(plaintext)
}
