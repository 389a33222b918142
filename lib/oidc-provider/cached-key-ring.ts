import { type KeyRing, parseKeyRing } from '../tokens/key-ring.ts'

const minRefreshIntervalMs = 10_000

/**
 * Caches the key ring, and reads it again if it lacks a key: at most every ten seconds, because a
 * key may be missing for good. `read` resolves to the value of the secret.
 */
export function cachedKeyRing(read: () => Promise<string>): (kid: string) => Promise<KeyRing> {
  let ring: KeyRing | undefined
  let reading: Promise<KeyRing> | undefined
  let readAgainAt = 0
  return async (kid) => {
    if (ring !== undefined && (ring.keys.has(kid) || Date.now() < readAgainAt)) return ring
    reading ??= read().then(parseKeyRing)
    try {
      ring = await reading
      readAgainAt = Date.now() + minRefreshIntervalMs
      return ring
    } finally {
      reading = undefined
    }
  }
}
