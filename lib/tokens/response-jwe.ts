import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import type { IdempotentRequest } from '../idempotency-key.ts'
import type { KeyRingSource } from '../ports/key-ring-source.ts'
import { decryptJwe, encryptJwe, jweHeader } from './jwe.ts'
import { type KeyRing, keyFor } from './key-ring.ts'

/**
 * Encrypts a response as compact JWE. Its key depends on the ring's current key, and on the bearer
 * and the idempotency key of the request: table and ring together do not decrypt it. Rejects with
 * OAuthError `temporarily_unavailable` if the key ring is unavailable.
 */
export async function encryptResponse(
  { id, secret }: IdempotentRequest,
  response: object,
  clientSecretKeyRing: KeyRingSource,
): Promise<string> {
  const ring = await clientSecretKeyRing()
  const [key] = keysOf(secret, ring.current, ring)
  if (key === undefined) throw new Error('the key ring lost its current key')
  return encryptJwe({ kid: ring.current, id }, JSON.stringify(response), key)
}

/**
 * Decrypts what `encryptResponse` returned for an equal request. Rejects with an Error, without any
 * secret in it, if that is impossible, and like `encryptResponse`.
 */
export async function decryptResponse(
  { id, secret }: IdempotentRequest,
  jwe: string,
  clientSecretKeyRing: KeyRingSource,
): Promise<unknown> {
  const header = jweHeader(jwe)
  const kid = String(header?.kid)
  const ring = await clientSecretKeyRing(({ keys }) => keys.has(kid))
  const text = header?.id === id ? decryptJwe(jwe, keysOf(secret, kid, ring)) : undefined
  if (text === undefined) throw new Error('the stored response is invalid')
  return JSON.parse(text)
}

/** The key of one request under the key of this id; none if the ring lacks it. */
function keysOf(secret: string, kid: string, ring: KeyRing): readonly KeyObject[] {
  const key = keyFor(ring, kid, 'idempotent_response')
  if (key === undefined) return []
  return [createSecretKey(createHmac('sha256', key).update(secret).digest())]
}
