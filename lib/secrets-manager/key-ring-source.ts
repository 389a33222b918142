import { type KeyRing, type KeyRingSource, parseKeyRing } from '../tokens/key-ring.ts'
import type { CachedSecrets } from './cached-secrets.ts'
import type { Secrets } from './secrets.ts'

/** The key ring that this secret holds; read anew where a key is needed that it lacks. */
export function keyRingSource(secrets: CachedSecrets, id: string): KeyRingSource {
  let parsed: { readonly from: string; readonly ring: KeyRing } | undefined

  function ringOf(held: Secrets): KeyRing {
    const from = held.get(id)
    if (from === undefined) throw new Error('the key ring cannot be read')
    if (parsed?.from !== from) parsed = { from, ring: parseKeyRing(from) }
    return parsed.ring
  }

  return async (needed) => {
    const ring = ringOf(await secrets.current())
    if (needed === undefined || ring.keys.has(needed)) return ring
    return ringOf(await secrets.refreshed())
  }
}
