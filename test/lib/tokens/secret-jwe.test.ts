import { createCipheriv } from 'node:crypto'
import { compactDecrypt } from 'jose'
import { describe, expect, test } from 'vitest'
import { type KeyRing, keyFor } from '../../../lib/tokens/key-ring.ts'
import { decryptSecretJwe, encryptSecretJwe, secretKeyId } from '../../../lib/tokens/secret-jwe.ts'

const ringOf = (id: string, key: string): KeyRing => ({
  current: id,
  keys: new Map([[id, key.padEnd(32, '.')]]),
})
const ring = ringOf('s1', 'one')
const secret = 'a-client-secret-ü'
const jwe = encryptSecretJwe('client', secret, ring)
const encoded = (header: unknown) => Buffer.from(JSON.stringify(header)).toString('base64url')

/** A JWE under this header whose tag is right. */
function sealed(header: object): string {
  const key = keyFor(ring, 's1', 'client_secret')
  if (key === undefined) throw new Error('no key')
  const cipher = createCipheriv('aes-256-gcm', key, Buffer.alloc(12))
  cipher.setAAD(Buffer.from(encoded(header)))
  const ciphertext = Buffer.concat([cipher.update(secret), cipher.final()])
  const parts = [Buffer.alloc(12), ciphertext, cipher.getAuthTag()]
  return [encoded(header), '', ...parts.map((part) => part.toString('base64url'))].join('.')
}

/** The JWE with other parts: header, encrypted key, initialization vector, ciphertext, tag. */
const changed = (change: (parts: string[]) => void) => {
  const parts = jwe.split('.')
  change(parts)
  return parts.join('.')
}

describe('an encrypted client secret', () => {
  test('is a compact JWE that another library decrypts', async () => {
    const key = keyFor(ring, 's1', 'client_secret')
    if (key === undefined) throw new Error('no key')
    const { plaintext, protectedHeader } = await compactDecrypt(jwe, key)
    expect(Buffer.from(plaintext).toString()).toBe(secret)
    expect(protectedHeader).toEqual({ alg: 'dir', enc: 'A256GCM', kid: 's1', client_id: 'client' })
    expect(Buffer.from(jwe.split('.')[2] ?? '', 'base64url')).toHaveLength(12)
  })

  test('is decrypted for its client, and names its key', () => {
    expect(decryptSecretJwe('client', jwe, [ring])).toBe(secret)
    expect(secretKeyId(jwe)).toBe('s1')
  })

  test.each(['', 'text', encoded(null)])('does not name its key if it is %j', (other) => {
    expect(() => secretKeyId(other)).toThrow(new Error('the stored client secret is invalid'))
  })

  test('is encrypted differently each time', () => {
    expect(encryptSecretJwe('client', secret, ring)).not.toBe(jwe)
  })

  test('is decrypted by the first ring that has the right key', () => {
    const [other, unknown] = [ringOf('s1', 'another'), ringOf('s2', 'two')]
    expect(decryptSecretJwe('client', jwe, [unknown, other, ring])).toBe(secret)
    expect(() => decryptSecretJwe('client', jwe, [other])).toThrow(
      'the stored client secret is invalid',
    )
    expect(() => decryptSecretJwe('client', jwe, [unknown])).toThrow('no key ring has the key s1')
  })

  test('of another client is rejected', () => {
    expect(() => decryptSecretJwe('another', jwe, [ring])).toThrow(
      'the stored client secret is that of another client',
    )
  })

  test('of an earlier version names no client', () => {
    const header = { alg: 'dir', enc: 'A256GCM', kid: 's1' }
    expect(decryptSecretJwe('client', sealed(header), [ring])).toBe(secret)
    for (const other of [{ alg: 'A256KW' }, { enc: 'A128GCM' }, { alg: null, enc: null }])
      expect(() => decryptSecretJwe('client', sealed({ ...header, ...other }), [ring])).toThrow(
        new Error('the stored client secret is invalid'),
      )
  })

  test.each<[string, (parts: string[]) => void]>([
    ['another alg', (parts) => (parts[0] = encoded({ alg: 'A256KW', enc: 'A256GCM', kid: 's1' }))],
    ['another enc', (parts) => (parts[0] = encoded({ alg: 'dir', enc: 'A128GCM', kid: 's1' }))],
    ['another header', (parts) => (parts[0] = encoded({ alg: 'dir', enc: 'A256GCM', kid: 's1' }))],
    ['a header that is no object', (parts) => (parts[0] = encoded('dir'))],
    ['a header that is null', (parts) => (parts[0] = encoded(null))],
    ['a header that is no JSON', (parts) => (parts[0] = 'e30x')],
    ['no header', (parts) => (parts[0] = '')],
    ['an encrypted key', (parts) => (parts[1] = 'AA')],
    ['no encrypted key', (parts) => parts.splice(1)],
    ['another initialization vector', (parts) => (parts[2] = 'AAAAAAAAAAAAAAAA')],
    ['no initialization vector', (parts) => (parts[2] = '')],
    ['another ciphertext', (parts) => (parts[3] = 'AAAA')],
    ['no ciphertext', (parts) => (parts[3] = '')],
    ['a tag cut to four bytes', (parts) => (parts[4] = (parts[4] ?? '').slice(0, 6))],
    ['no tag', (parts) => parts.splice(4)],
    ['a sixth part', (parts) => parts.push('')],
  ])('with %s is rejected', (_, change) => {
    expect(() => decryptSecretJwe('client', changed(change), [ring])).toThrow(
      new Error('the stored client secret is invalid'),
    )
  })
})
