import { concurrentUpdate } from './authenticate-client.ts'
import type { RegisteredClient } from './client.ts'
import { storedClientSecret } from './client-information-response.ts'
import { OAuthError } from './errors.ts'
import type { ClientSecrets } from './ports/client-store.ts'
import type { Server } from './server.ts'
import {
  isSecretExpired,
  issueClientSecret,
  type PreviousClientSecret,
} from './tokens/client-secret.ts'
import { bytesEqual } from './tokens/token.ts'

type Ports = Pick<Server, 'settings' | 'keyRing' | 'clientSecretKeyRing' | 'generators' | 'warn'>

type Renewal = {
  /** Digest of the secret that the request found, to notice a concurrent renewal. */
  readonly seen: Uint8Array
  /** Seconds for which the previous secret stays valid. */
  readonly overlap: number
  /** Unix seconds. */
  readonly now: number
}

export type RenewedSecret = { readonly client_secret: string; readonly stored: ClientSecrets }

/** The digest of the client's secret. Throws OAuthError `invalid_request` if it has none. */
export function requireClientSecret({ secret_digest }: RegisteredClient): Uint8Array {
  if (secret_digest !== undefined) return secret_digest
  throw new OAuthError('invalid_request', 'the client has no client secret to renew')
}

/**
 * Generates the secret that takes the place of the current one. Never more than two are valid:
 *
 * - A renewal that another request has just made is not repeated.
 * - Within the overlap, the new secret is returned again. If it cannot be, another one takes its
 *   place, and the previous one stays.
 *
 * Resolves to undefined if the current secret is to be returned. Rejects with OAuthError
 * `temporarily_unavailable` if it would be and only its digest is stored, or like the key ring.
 */
export async function renewSecret(
  client: RegisteredClient,
  { seen, overlap, now }: Renewal,
  server: Ports,
): Promise<RenewedSecret | undefined> {
  const isRenewedConcurrently = !bytesEqual(requireClientSecret(client), seen)
  const valid = previousSecret(client, now)
  const previous = overlap > 0 ? valid : undefined
  // With an overlap of 0, a concurrent renewal counts only if it ended the earlier secret, too.
  const isDone = isRenewedConcurrently && (overlap > 0 || valid === undefined)
  if (isDone || (previous !== undefined && !isSecretExpired(client, now))) {
    if ((await storedClientSecret(client, server)) !== undefined) return undefined
    if (isDone) throw concurrentUpdate()
  }
  const { clientSecret } = server.settings
  const { client_secret, stored } = await issueClientSecret(
    client.client_id,
    clientSecret,
    server.generators.clientSecret,
    server.clientSecretKeyRing,
    now,
  )
  return { client_secret, stored: { ...stored, ...(previous ?? asPrevious(client, overlap, now)) } }
}

/** The previous secret of a client; undefined after it has expired. */
export function previousSecret(
  client: RegisteredClient,
  now: number,
): PreviousClientSecret | undefined {
  const { previous_secret_digest, previous_secret_jwe, previous_secret_expires_at } = client
  if (previous_secret_digest === undefined || previous_secret_expires_at === undefined)
    return undefined
  return previous_secret_expires_at > now
    ? { previous_secret_digest, previous_secret_jwe, previous_secret_expires_at }
    : undefined
}

/** The current secret as the previous one, for the overlap or until it expires. */
function asPrevious(
  { secret_digest, secret_jwe, client_secret_expires_at: expires = 0 }: RegisteredClient,
  overlap: number,
  now: number,
): PreviousClientSecret | undefined {
  if (secret_digest === undefined || overlap === 0) return undefined
  const end = expires === 0 ? now + overlap : Math.min(now + overlap, expires)
  if (end <= now) return undefined
  return {
    previous_secret_digest: secret_digest,
    previous_secret_jwe: secret_jwe,
    previous_secret_expires_at: end,
  }
}
