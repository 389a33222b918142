import { CompactEncrypt } from 'jose'
import { describe, expect, test } from 'vitest'
import type { ClientItem } from '../../lib/read/active-client.ts'
import { parseKeyRing, revealClientSecret, verifyClientSecret } from '../../lib/read/index.ts'
import { currentKeyFor } from '../../lib/tokens/key-ring.ts'
import { now, ordinary } from '../support/clients.ts'
import { registeredItem, ring } from './clients.ts'

const publicClient = { ...ordinary, token_endpoint_auth_method: 'none' }
const digestOnly = { clientSecret: { storage: 'digest' } } as const
const expiring = { clientSecret: { lifetime: 60 } }

/** What authorization servers must reject without an answer, whatever the secret. */
const rejected = [
  ['a disabled client', { disabled_at: now }],
  ['an expired client', { expires_at: now }],
  ['a client of a newer schema', { schema: 3 }],
] as const

describe('verifyClientSecret', () => {
  test.each([{}, digestOnly])(
    'accepts the issued secret and no other one (%o)',
    async (settings) => {
      const { response, item } = await registeredItem(ordinary, settings)
      const secret = String(response.client_secret)
      expect(verifyClientSecret(item, secret, now)).toBe(true)
      for (const other of ['', secret.slice(1), `${secret}x`, String(item.secret_jwe)])
        expect(verifyClientSecret(item, other, now)).toBe(false)
    },
  )

  test('rejects the secret from the second at which it expires', async () => {
    const { response, item } = await registeredItem(ordinary, expiring)
    const secret = String(response.client_secret)
    expect(verifyClientSecret(item, secret, now + 59)).toBe(true)
    expect(verifyClientSecret(item, secret, now + 60)).toBe(false)
  })

  test('rejects any secret of a public client, and of an unknown one', async () => {
    const { item } = await registeredItem(publicClient)
    expect(verifyClientSecret(item, '', now)).toBe(false)
    expect(verifyClientSecret(undefined, '', now)).toBe(false)
  })

  test.each(rejected)('rejects the secret of %s', async (_, attributes) => {
    const { response, item } = await registeredItem(ordinary)
    const secret = String(response.client_secret)
    expect(verifyClientSecret({ ...item, ...attributes }, secret, now)).toBe(false)
  })
})

describe('revealClientSecret', () => {
  test('decrypts the secret that was issued', async () => {
    const { response, item } = await registeredItem(ordinary)
    expect(revealClientSecret(item, ring, now)).toBe(response.client_secret)
  })

  test('is undefined if only a digest is stored, and for a public client', async () => {
    const [digest, none] = await Promise.all([
      registeredItem(ordinary, digestOnly),
      registeredItem(publicClient),
    ])
    expect(revealClientSecret(digest.item, ring, now)).toBeUndefined()
    expect(revealClientSecret(none.item, ring, now)).toBeUndefined()
    expect(revealClientSecret(undefined, ring, now)).toBeUndefined()
  })

  test('is undefined if the secret has expired', async () => {
    const { response, item } = await registeredItem(ordinary, expiring)
    expect(revealClientSecret(item, ring, now + 59)).toBe(response.client_secret)
    expect(revealClientSecret(item, ring, now + 60)).toBeUndefined()
  })

  test.each(rejected)('is undefined for %s', async (_, attributes) => {
    const { item } = await registeredItem(ordinary)
    expect(revealClientSecret({ ...item, ...attributes }, ring, now)).toBeUndefined()
  })

  test('names the key that the ring lacks', async () => {
    const { item } = await registeredItem(ordinary)
    const other = parseKeyRing(JSON.stringify({ current: 'k2', k2: 'another-key'.repeat(4) }))
    expect(() => revealClientSecret(item, other, now)).toThrow('no key ring has the key s1')
  })

  test('rejects the secret of another client', async () => {
    const [mine, another] = [await registeredItem(ordinary), await registeredItem(ordinary)]
    const item: ClientItem = { ...mine.item, secret_jwe: another.item.secret_jwe }
    expect(() => revealClientSecret(item, ring, now)).toThrow('that of another client')
  })

  test('decrypts a secret of version 0.1 by the key ring of that version beside', async () => {
    const { item } = await registeredItem(ordinary)
    const before = parseKeyRing(JSON.stringify({ current: 'k1', k1: 'a-key-of-before'.repeat(4) }))
    // Its header does not name the client.
    const secret_jwe = await new CompactEncrypt(new TextEncoder().encode('an old secret'))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: 'k1' })
      .encrypt(currentKeyFor(before, 'client_secret'))
    const old = { ...item, secret_jwe }
    expect(revealClientSecret(old, [ring, before], now)).toBe('an old secret')
    expect(() => revealClientSecret(old, ring, now)).toThrow('no key ring has the key k1')
  })

  test.each([
    ['first', [0, 1]],
    ['last', [1, 0]],
  ] as const)(
    'decrypts by the right ring, given %s, where another has the same id',
    async (_, order) => {
      const { response, item } = await registeredItem(ordinary)
      const other = parseKeyRing(JSON.stringify({ current: 's1', s1: 'another-key'.repeat(4) }))
      const rings = order.map((index) => [ring, other][index] ?? other)
      expect(revealClientSecret(item, rings, now)).toBe(response.client_secret)
      expect(() => revealClientSecret(item, other, now)).toThrow('client secret is invalid')
    },
  )

  test('rejects a secret of which any part was changed or removed', async () => {
    const { item } = await registeredItem(ordinary)
    const parts = String(item.secret_jwe).split('.')
    const flipped = (part: string) => (part.startsWith('A') ? 'B' : 'A') + part.slice(1)
    const changed = parts.flatMap((part, index) => [
      parts.with(index, flipped(part)),
      ...(part === '' ? [] : [parts.with(index, '')]),
    ])
    for (const jwe of [...changed, parts.slice(0, 4), [...parts, ''], ['']])
      expect(() => revealClientSecret({ ...item, secret_jwe: jwe.join('.') }, ring, now)).toThrow(
        'the stored client secret is invalid',
      )
    // Only the first 4 bytes of the tag: a shorter tag could be guessed.
    const short = parts.with(4, (parts[4] ?? '').slice(0, 6)).join('.')
    expect(() => revealClientSecret({ ...item, secret_jwe: short }, ring, now)).toThrow('invalid')
  })
})
