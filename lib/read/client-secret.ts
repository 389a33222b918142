import type { PreviousClientSecret, StoredClientSecret } from '../tokens/client-secret.ts'
import type { KeyRing } from '../tokens/key-ring.ts'
import { decryptSecretJwe } from '../tokens/secret-jwe.ts'
import { hasDigest } from '../tokens/token.ts'
import { activeClient, type ClientItem, currentTime } from './active-client.ts'

/**
 * Whether this is the client's secret, or the one before a renewal while that is valid; compared by
 * digest in constant time. False if the client has none, its secret has expired, or `clientOf` is
 * undefined. `now` is in Unix seconds.
 */
export function verifyClientSecret(
  item: ClientItem | undefined,
  presented: string,
  now = currentTime(),
): boolean {
  const client = activeClient(item, now)
  return (
    client !== undefined && validDigests(client, now).some((digest) => hasDigest(presented, digest))
  )
}

/** The digests of the client's valid secrets: the current one and, after a renewal, the previous. */
export function validDigests(client: SecretAttributes, now: number): readonly Uint8Array[] {
  const { secret_digest, client_secret_expires_at } = client
  const isValid = secret_digest !== undefined && isUnexpired(client_secret_expires_at, now)
  return [...(isValid ? [secret_digest] : []), ...previousDigests(client, now)]
}

/** The digest of the secret before a renewal, while it is valid. */
export function previousDigests(
  { previous_secret_digest, previous_secret_expires_at = 0 }: SecretAttributes,
  now: number,
): readonly Uint8Array[] {
  const isValid = previous_secret_digest !== undefined && previous_secret_expires_at > now
  return isValid ? [previous_secret_digest] : []
}

type SecretAttributes = Partial<StoredClientSecret & PreviousClientSecret>

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
  const client = activeClient(item, now)
  if (client?.secret_jwe === undefined || !isUnexpired(client.client_secret_expires_at, now))
    return undefined
  return decryptSecretJwe(client.client_id, client.secret_jwe, [ring].flat())
}

/**
 * The secret before a renewal in plaintext, while it is valid: a client that authenticates by
 * `client_secret_jwt` may still use it. Otherwise like `revealClientSecret`.
 */
export function revealPreviousClientSecret(
  item: ClientItem | undefined,
  ring: KeyRing | readonly KeyRing[],
  now = currentTime(),
): string | undefined {
  const {
    client_id,
    previous_secret_jwe,
    previous_secret_expires_at = 0,
  } = activeClient(item, now) ?? {}
  if (client_id === undefined || previous_secret_jwe === undefined) return undefined
  if (previous_secret_expires_at <= now) return undefined
  return decryptSecretJwe(client_id, previous_secret_jwe, [ring].flat())
}

/** A secret without a time of expiry is not one that this service stored. */
const isUnexpired = (expires: number | undefined, now: number): boolean =>
  expires !== undefined && (expires === 0 || expires > now)
