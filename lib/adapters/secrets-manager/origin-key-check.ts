import type { SecretCheck } from '../../server.ts'
import { parseKeys } from '../../tokens/key-ring.ts'
import { hasDigest, sha256 } from '../../tokens/token.ts'
import type { CachedSecrets } from './cached-secrets.ts'
import type { Secrets } from './secrets.ts'

/**
 * Whether a text is one of the keys that the secret with this id holds, `{ "k1": key, … }`, or has been given since.
 * Every key of the ring counts, so that CloudFront's can be changed without a request being turned away. Rejects where
 * the ring cannot be read again to say no.
 */
export function originKeyCheck(secrets: CachedSecrets, id: string): SecretCheck {
  const isOneOf = (held: Secrets, presented: string): boolean =>
    [...parseKeys(held.get(id) ?? '').values()].some((key) => hasDigest(presented, sha256(key)))
  return async (presented) => {
    if (isOneOf(await secrets.recent(), presented)) return true
    if (isOneOf(await secrets.refreshed(), presented)) return true
    // A refusal is remembered for an hour, for everybody who comes by that key: it must not be a guess.
    if (secrets.isStale) throw new Error('the origin keys cannot be read again')
    return false
  }
}
