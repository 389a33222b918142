import { serviceUnavailable } from '../../errors.ts'
import type { KeyRingSource } from '../../ports/key-ring-source.ts'
import { type KeyRing, parseKeyRing } from '../../tokens/key-ring.ts'
import type { CachedSecrets } from './cached-secrets.ts'
import type { Secrets } from './secrets.ts'

/**
 * The key ring in this secret. It is refreshed if the cached ring does not satisfy the caller.
 * Throws OAuthError `temporarily_unavailable`.
 */
export function keyRingSource(secrets: CachedSecrets, id: string): KeyRingSource {
  let parsed: { readonly from: string; readonly ring: KeyRing } | undefined

  function ringOf(held: Secrets): KeyRing {
    const from = held.get(id)
    if (from === undefined) throw serviceUnavailable(new Error('the key ring cannot be read'))
    if (parsed?.from !== from) parsed = { from, ring: parse(from) }
    return parsed.ring
  }

  return async (suffices = () => true) => {
    const ring = ringOf(await secrets.current())
    if (suffices(ring)) return ring
    const again = ringOf(await secrets.refreshed())
    // A key that is missing from an old ring may be in the new one, so the token must not be
    // rejected.
    if (secrets.isStale && !suffices(again))
      throw serviceUnavailable(new Error('the key ring cannot be read again'))
    return again
  }
}

function parse(json: string): KeyRing {
  try {
    return parseKeyRing(json)
  } catch (cause) {
    throw serviceUnavailable(cause)
  }
}
