import type { KeyRing } from '../tokens/key-ring.ts'
import { decryptSecretJwe } from '../tokens/secret-jwe.ts'
import { hasDigest } from '../tokens/token.ts'
import { type ActiveClient, activeClient, type ClientItem, currentTime } from './active-client.ts'

/**
 * Whether this is the client's secret; compared by digest in constant time. False if the client
 * has none, its secret has expired, or `clientOf` is undefined. `now` is in Unix seconds.
 */
export function verifyClientSecret(
  item: ClientItem | undefined,
  presented: string,
  now = currentTime(),
): boolean {
  const { secret_digest } = withValidSecret(item, now) ?? {}
  return secret_digest !== undefined && hasDigest(presented, secret_digest)
}

/**
 * The client's secret in plaintext, which `client_secret_jwt` and algorithms with a shared secret
 * need (OpenID Connect Core 1.0 §9, §10). Undefined if the client has none, its secret has
 * expired, only its digest is stored, or `clientOf` is undefined. `now` is in Unix seconds.
 * `ring` is the client secret key ring; secrets issued before version 0.2.0 need the key ring, too:
 * `[clientSecretKeyRing, keyRing]`. Throws an Error if they lack the key, or the stored secret is
 * invalid.
 */
export function revealClientSecret(
  item: ClientItem | undefined,
  ring: KeyRing | readonly KeyRing[],
  now = currentTime(),
): string | undefined {
  const { client_id, secret_jwe } = withValidSecret(item, now) ?? {}
  if (client_id === undefined || secret_jwe === undefined) return undefined
  return decryptSecretJwe(client_id, secret_jwe, [ring].flat())
}

function withValidSecret(item: ClientItem | undefined, now: number): ActiveClient | undefined {
  const client = activeClient(item, now)
  if (client?.client_secret_expires_at === undefined) return undefined
  const { client_secret_expires_at: expires } = client
  return expires === 0 || expires > now ? client : undefined
}
