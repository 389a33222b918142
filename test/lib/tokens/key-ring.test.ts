import { hkdfSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import {
  currentKeyFor,
  type KeyUse,
  keyFor,
  parseKeyRing,
  parseKeys,
} from '../../../lib/tokens/key-ring.ts'

const k1 = 'a-key-of-exactly-32-characters-1'
const k2 = 'a-key-of-exactly-32-characters-2'
const ring = parseKeyRing(JSON.stringify({ current: 'k2', k1, k2 }))

describe('a key ring', () => {
  test('has its keys by id, and one of them is current', () => {
    expect(ring.current).toBe('k2')
    expect([...ring.keys]).toEqual([
      ['k1', k1],
      ['k2', k2],
    ])
  })

  test('without a current key is a list of keys', () => {
    expect([...parseKeys(JSON.stringify({ k1 }))]).toEqual([['k1', k1]])
  })

  test.each([
    ['{', 'the key ring is not JSON'],
    ['null', 'the key ring is not an object'],
    ['"text"', 'the key ring is not an object'],
    [JSON.stringify({ k1 }), 'the key ring names no current key'],
    [JSON.stringify({ current: 'k2', k1 }), 'the key ring names no current key'],
    [JSON.stringify({ current: 1, 1: k1 }), 'the key ring names no current key'],
    [
      JSON.stringify({ current: 'k1', k1: k1.slice(1) }),
      'key k1 of the key ring is not a string of at least 32 characters',
    ],
    [
      JSON.stringify({ current: 'k1', k1: 7 }),
      'key k1 of the key ring is not a string of at least 32 characters',
    ],
    [
      JSON.stringify({ current: 'k1', [k1]: 'k1' }),
      'a key of the key ring is not a string of at least 32 characters',
    ],
  ])('%s is rejected by a message without a key', (json, message) => {
    expect(() => parseKeyRing(json)).toThrow(new Error(message))
  })

  test.each<KeyUse>([
    'client_secret',
    'registration_access_token',
    'registration_access_token_mac',
    'registration_access_token_read_mac',
    'idempotent_response',
  ])('derives by HKDF-SHA-256 the key for %s, which stored values depend on', (use) => {
    const expected = Buffer.from(hkdfSync('sha256', k1, '', use, 32))
    expect(keyFor(ring, 'k1', use)?.export()).toEqual(expected)
    expect(keyFor(ring, 'k1', use)).toBe(keyFor(ring, 'k1', use))
    expect(currentKeyFor(ring, use)).toBe(keyFor(ring, 'k2', use))
  })

  test('has no key under an unknown id, and never lacks the current one', () => {
    expect(keyFor(ring, 'k3', 'client_secret')).toBeUndefined()
    const lost = { current: 'k3', keys: ring.keys }
    expect(() => currentKeyFor(lost, 'client_secret')).toThrow('the key ring lost its current key')
  })
})
