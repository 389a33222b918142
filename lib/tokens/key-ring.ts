import { hkdfSync } from 'node:crypto'

/**
 * The keys that encrypt client secrets and derive registration access tokens: each has an id, one is current.
 * Rotating means adding a key and naming it current; an old key stays until nothing needs it.
 */
export type KeyRing = {
  readonly current: string
  readonly keys: ReadonlyMap<string, string>
}

/**
 * The port that yields the key ring, read again where it does not suffice. Rejects with OAuthError
 * `temporarily_unavailable` where it cannot be read, or does not suffice and cannot be read again.
 */
export type KeyRingSource = (suffices?: (ring: KeyRing) => boolean) => Promise<KeyRing>

/** Characters of the shortest key. */
const minKeyLength = 32

/**
 * The key ring from its stored form, `{"current": "k1", "k1": "<random string>", …}`.
 * Throws an Error that does not repeat what it read.
 */
export function parseKeyRing(json: string): KeyRing {
  const { current, ...rest } = parseObject(json)
  const keys = parseEntries(rest)
  if (typeof current !== 'string' || !keys.has(current))
    throw new Error('the key ring names no current key')
  return { current, keys }
}

/** Keys by their ids from a ring without a current one, `{"k1": "<random string>", …}`; throws as parseKeyRing does. */
export const parseKeys = (json: string): KeyRing['keys'] => parseEntries(parseObject(json))

function parseEntries(stored: Readonly<Record<string, unknown>>): KeyRing['keys'] {
  const keys = new Map<string, string>()
  for (const [id, key] of Object.entries(stored)) {
    if (typeof key !== 'string' || key.length < minKeyLength) {
      // A longer name could be a key that stands in the wrong place.
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

/** The parser's own message would repeat a part of the keys. */
function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw new Error('the key ring is not JSON')
  }
}

/** What keys are for: each use has a key of its own. */
export type KeyUse = 'client_secret' | 'registration_access_token' | 'registration_access_token_mac'

/** The key that is current, for one use. */
export function currentKeyFor(ring: KeyRing, use: KeyUse): Uint8Array {
  const key = keyFor(ring, ring.current, use)
  if (key === undefined) throw new Error('the key ring lost its current key')
  return key
}

/** `keyFor` of a ring that is read again where it lacks the key. */
export const findKey = async (
  keyRing: KeyRingSource,
  id: string,
  use: KeyUse,
): Promise<Uint8Array | undefined> => keyFor(await keyRing(({ keys }) => keys.has(id)), id, use)

/** The 256-bit key of this id for one use (HKDF-SHA-256, RFC 5869), or undefined where the ring lacks it. */
export function keyFor(ring: KeyRing, id: string, use: KeyUse): Uint8Array | undefined {
  const key = ring.keys.get(id)
  return key === undefined ? undefined : new Uint8Array(hkdfSync('sha256', key, '', use, 32))
}
