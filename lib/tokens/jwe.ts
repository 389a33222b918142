import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto'
import { isPlainObject } from '../json.ts'
import { generateBytes } from './token.ts'

const ivBytes = 12
const tagBytes = 16
const cipherName = 'aes-256-gcm'

type Header = Readonly<Record<string, unknown>>

/**
 * Encrypts a text as compact JWE (RFC 7516 §5.1; `dir` and `A256GCM`, RFC 7518 §4.5, §5.3) with
 * these further members in its protected header. Without a JOSE library: WebCrypto would hand these
 * few bytes to another thread.
 */
export function encryptJwe(members: Header, text: string, key: KeyObject): string {
  const header = { alg: 'dir', enc: 'A256GCM', ...members }
  const encodedHeader = Buffer.from(JSON.stringify(header)).toString('base64url')
  const iv = Buffer.from(generateBytes(ivBytes))
  const cipher = createCipheriv(cipherName, key, iv)
  cipher.setAAD(Buffer.from(encodedHeader))
  const ciphertext = Buffer.concat([cipher.update(text), cipher.final()])
  const parts = [iv, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url'))
  return [encodedHeader, '', ...parts].join('.')
}

/** The protected header of a compact JWE; undefined if it is not a JSON object. */
export function jweHeader(jwe: string): Header | undefined {
  const [encoded = ''] = jwe.split('.', 1)
  try {
    const header: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString())
    return isPlainObject(header) ? header : undefined
  } catch {
    return undefined
  }
}

/**
 * Decrypts a compact JWE (RFC 7516 §5.2) with the first of these keys that fits: the tag
 * authenticates the key, too. Undefined if the JWE is malformed or no key fits.
 */
export function decryptJwe(jwe: string, keys: readonly KeyObject[]): string | undefined {
  const [header = '', encryptedKey, iv = '', ciphertext = '', tag = '', ...more] = jwe.split('.')
  const { alg, enc } = jweHeader(jwe) ?? {}
  if (alg !== 'dir' || enc !== 'A256GCM' || encryptedKey !== '' || more.length > 0) return undefined
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
      // The next key may be the right one.
    }
  }
  return undefined
}
