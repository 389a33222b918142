import { type KeyRing, parseKeyRing } from '../tokens/key-ring.ts'

const minRefreshIntervalMs = 10_000

/**
 * Caches the key rings, and reads them again if all lack a key: at most every ten seconds, because
 * a key may be missing for good. `read` resolves to the value of the secret, or of each secret.
 */
export function cachedKeyRings(
  read: () => Promise<string | readonly string[]>,
): (kid: string) => Promise<readonly KeyRing[]> {
  let rings: readonly KeyRing[] = []
  let reading: Promise<readonly KeyRing[]> | undefined
  let readAgainAt = 0
  return async (kid) => {
    if (Date.now() < readAgainAt || rings.some(({ keys }) => keys.has(kid))) return rings
    reading ??= read().then((values) => [values].flat().map(parseKeyRing))
    try {
      rings = await reading
      readAgainAt = Date.now() + minRefreshIntervalMs
      return rings
    } finally {
      reading = undefined
    }
  }
}
