import { createCipheriv, createDecipheriv } from 'node:crypto'
import { isPlainObject } from '../json.ts'
import { currentKeyFor, type KeyRing, keyFor } from './key-ring.ts'
import { generateBytes } from './token.ts'

const ivBytes = 12
const tagBytes = 16
const cipherName = 'aes-256-gcm'

/**
 * Encrypts a client secret as compact JWE (RFC 7516 §5.1) with the ring's current key. Without a
 * JOSE library: WebCrypto would hand these few bytes to another thread.
 */
export function encryptSecretJwe(client_id: string, client_secret: string, ring: KeyRing): string {
  const header = { alg: 'dir', enc: 'A256GCM', kid: ring.current, client_id }
  const encodedHeader = Buffer.from(JSON.stringify(header)).toString('base64url')
  const iv = Buffer.from(generateBytes(ivBytes))
  const cipher = createCipheriv(cipherName, currentKeyFor(ring, 'client_secret'), iv)
  cipher.setAAD(Buffer.from(encodedHeader))
  const ciphertext = Buffer.concat([cipher.update(client_secret), cipher.final()])
  const parts = [iv, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url'))
  return [encodedHeader, '', ...parts].join('.')
}

/**
 * Decrypts a client secret from its compact JWE (RFC 7516 §5.2; `dir` and `A256GCM`, RFC 7518
 * §4.5, §5.3) without a JOSE library. Where several rings have a key of its `kid`, they are tried in
 * order. Throws an Error, without any secret in it, if every ring lacks the key, or if the JWE is
 * invalid or belongs to another client.
 */
export function decryptSecretJwe(
  client_id: string,
  jwe: string,
  rings: readonly KeyRing[],
): string {
  const [header = '', encryptedKey, iv = '', ciphertext = '', tag = '', ...more] = jwe.split('.')
  const { alg, enc, kid, client_id: owner = client_id } = parseHeader(header)
  if (alg !== 'dir' || enc !== 'A256GCM' || encryptedKey !== '' || more.length > 0) throw invalid()
  if (owner !== client_id) throw new Error('the stored client secret is that of another client')
  const keys = rings.flatMap((ring) => keyFor(ring, String(kid), 'client_secret') ?? [])
  if (keys.length === 0) throw new Error(`no key ring has the key ${kid}`)
  for (const key of keys) {
    try {
      const decipher = createDecipheriv(cipherName, key, Buffer.from(iv, 'base64url'), {
        authTagLength: tagBytes,
      })
      decipher.setAAD(Buffer.from(header))
      decipher.setAuthTag(Buffer.from(tag, 'base64url'))
      const start = decipher.update(Buffer.from(ciphertext, 'base64url'))
      return Buffer.concat([start, decipher.final()]).toString()
    } catch {
      // The tag authenticates the key, too: the next ring may have the right one.
    }
  }
  throw invalid()
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
