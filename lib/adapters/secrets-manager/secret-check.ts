import type { SecretCheck } from '../../ports/secret-check.ts'
import { hasDigest, sha256 } from '../../tokens/token.ts'
import type { CachedSecrets } from './cached-secrets.ts'

/**
 * Checks in constant time whether a bearer token is the secret with this id. An unknown token
 * triggers a refresh of the secret. After a rotation, the old secret is accepted for at most five
 * minutes, unless the refresh fails.
 */
export function secretCheck(secrets: CachedSecrets, id: string): SecretCheck {
  return async (bearer) => {
    const before = (await secrets.recent()).get(id)
    if (before !== undefined && hasDigest(bearer, sha256(before))) return true
    const after = (await secrets.refreshed()).get(id)
    return after !== undefined && after !== before && hasDigest(bearer, sha256(after))
  }
}
