import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'

/**
 * Keys by id, one of them current. They encrypt client secrets, or derive and authenticate
 * registration access tokens: each has a ring of its own.
 * To rotate, add a key and make it current; keep an old key until nothing depends on it.
 */
export type KeyRing = {
  readonly current: string
  readonly keys: ReadonlyMap<string, string>
}

/** Minimum key length in characters. */
const minKeyLength = 32

/**
 * Parses the stored key ring, `{"current": "k1", "k1": "<random string>", …}`.
 * Throws an Error that never contains key material.
 */
export function parseKeyRing(json: string): KeyRing {
  const { current, ...rest } = parseObject(json)
  const keys = parseEntries(rest)
  if (typeof current !== 'string' || !keys.has(current))
    throw new Error('the key ring names no current key')
  return { current, keys }
}

/**
 * Parses keys by id without a current one, `{"k1": "<random string>", …}`.
 * Throws like `parseKeyRing`.
 */
export const parseKeys = (json: string): KeyRing['keys'] => parseEntries(parseObject(json))

function parseEntries(stored: Readonly<Record<string, unknown>>): KeyRing['keys'] {
  const keys = new Map<string, string>()
  for (const [id, key] of Object.entries(stored)) {
    if (typeof key !== 'string' || key.length < minKeyLength) {
      // A longer name could be a misplaced key, which must not be logged.
      const named = id.length < minKeyLength ? `key ${id}` : 'a key'
      throw new Error(
        `${named} of the key ring is not a string of at least ${minKeyLength} characters`,
      )
    }
    keys.set(id, key)
  }
  return keys
}

function parseObject(json: string): Readonly<Record<string, unknown>> {
  const stored = parseJson(json)
  if (typeof stored !== 'object' || stored === null)
    throw new Error('the key ring is not an object')
  return stored as Record<string, unknown>
}

/** Replaces the parser's own message, which would contain part of the keys. */
function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw new Error('the key ring is not JSON')
  }
}

/** Each use has its own derived key. */
export type KeyUse =
  | 'client_secret'
  | 'registration_access_token'
  | 'registration_access_token_mac'
  | 'idempotent_response'
  | 'registration_access_token_read_mac'

/** The current key for one use. */
export function currentKeyFor(ring: KeyRing, use: KeyUse): KeyObject {
  const key = keyFor(ring, ring.current, use)
  if (key === undefined) throw new Error('the key ring lost its current key')
  return key
}

/** The derived keys of each ring, by use and id: a ring stays for minutes, and never changes. */
const derivedKeys = new WeakMap<KeyRing, Map<string, KeyObject>>()

/** The 256-bit key for one use (HKDF-SHA-256, RFC 5869); undefined if the id is unknown. */
export function keyFor(ring: KeyRing, id: string, use: KeyUse): KeyObject | undefined {
  const secret = ring.keys.get(id)
  if (secret === undefined) return undefined
  const keys = derivedKeys.get(ring) ?? new Map<string, KeyObject>()
  derivedKeys.set(ring, keys)
  const name = `${use} ${id}`
  const key = keys.get(name) ?? derive(secret, use)
  keys.set(name, key)
  return key
}

const derive = (secret: string, use: KeyUse): KeyObject =>
  createSecretKey(new Uint8Array(hkdfSync('sha256', secret, '', use, 32)))
