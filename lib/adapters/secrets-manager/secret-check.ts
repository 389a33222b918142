import type { SecretCheck } from '../../server.ts'
import { hasDigest, sha256 } from '../../tokens/token.ts'
import type { CachedSecrets } from './cached-secrets.ts'

/**
 * Whether a bearer is the secret with this id, or what it has been changed to since; in constant time. A secret that was
 * changed ends five minutes later: none is accepted by an older reading.
 */
export function secretCheck(secrets: CachedSecrets, id: string): SecretCheck {
  return async (bearer) => {
    const before = (await secrets.recent()).get(id)
    if (before !== undefined && hasDigest(bearer, sha256(before))) return true
    const after = (await secrets.refreshed()).get(id)
    return after !== undefined && after !== before && hasDigest(bearer, sha256(after))
  }
}
