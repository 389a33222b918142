import { createDecipheriv } from 'node:crypto'
import { isPlainObject } from '../json.ts'
import { type KeyRing, keyFor } from './key-ring.ts'

const tagBytes = 16

/**
 * Decrypts a client secret from its compact JWE (RFC 7516 §5.2; `dir` and `A256GCM`, RFC 7518
 * §4.5, §5.3) without a JOSE library. Throws an Error, without any secret in it, if the ring lacks
 * the key, or if the JWE is invalid or belongs to another client.
 */
export function decryptSecretJwe(client_id: string, jwe: string, ring: KeyRing): string {
  const [header = '', encryptedKey, iv = '', ciphertext = '', tag = '', ...more] = jwe.split('.')
  const { alg, enc, kid, client_id: owner = client_id } = parseHeader(header)
  if (alg !== 'dir' || enc !== 'A256GCM' || encryptedKey !== '' || more.length > 0) throw invalid()
  if (owner !== client_id) throw new Error('the stored client secret is that of another client')
  const key = keyFor(ring, String(kid), 'client_secret')
  if (key === undefined) throw new Error(`the key ring has no key ${kid}`)
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'), {
      authTagLength: tagBytes,
    })
    decipher.setAAD(Buffer.from(header, 'ascii'))
    decipher.setAuthTag(Buffer.from(tag, 'base64url'))
    const start = decipher.update(Buffer.from(ciphertext, 'base64url'))
    return Buffer.concat([start, decipher.final()]).toString()
  } catch {
    throw invalid()
  }
}

/** The id of the key that encrypts the secret. */
export const secretKeyId = (jwe: string): string => String(parseHeader(jwe.split('.', 1)[0]).kid)

function parseHeader(encoded = ''): Readonly<Record<string, unknown>> {
  try {
    const header: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString())
    if (isPlainObject(header)) return header
  } catch {
    // Rejected below, like any other text.
  }
  throw invalid()
}

const invalid = () => new Error('the stored client secret is invalid')
