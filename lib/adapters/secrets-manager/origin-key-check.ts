import type { SecretCheck } from '../../ports/secret-check.ts'
import { parseKeys } from '../../tokens/key-ring.ts'
import { hasDigest, sha256 } from '../../tokens/token.ts'
import type { CachedSecrets } from './cached-secrets.ts'
import type { Secrets } from './secrets.ts'

/**
 * Checks whether a value is one of the keys in the secret with this id, `{ "k1": key, … }`. An
 * unknown value triggers a refresh of the secret. Every key of the ring is accepted, so that
 * CloudFront's key can be rotated without rejecting requests. Rejects if the ring cannot be
 * refreshed to confirm a negative result.
 */
export function originKeyCheck(secrets: CachedSecrets, id: string): SecretCheck {
  const isOneOf = (held: Secrets, presented: string): boolean =>
    [...parseKeys(held.get(id) ?? '').values()].some((key) => hasDigest(presented, sha256(key)))
  return async (presented) => {
    if (isOneOf(await secrets.recent(), presented)) return true
    if (isOneOf(await secrets.refreshed(), presented)) return true
    // A negative result is cached for an hour for all requests with this key, so it must be
    // certain.
    if (secrets.isStale) throw new Error('the origin keys cannot be read again')
    return false
  }
}
