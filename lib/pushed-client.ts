import type { RegisteredClient } from './client.ts'
import { type Client, identityOf } from './read/client.ts'
import { specDefaults } from './read/defaults.ts'
import {
  type ClientSecretKeyRings,
  decryptClientSecret,
  isSecretExpired,
} from './tokens/client-secret.ts'

/** A client as an authorization server that keeps its own clients needs it. */
export type PushedClient = {
  /** The registration, with the default of each omitted member. */
  readonly client: Client
  /** Its current secret in plaintext; undefined if it has none, or its secret has expired. */
  readonly client_secret: string | undefined
  /** False while it is disabled, stale or pending, and after its secret has expired. */
  readonly isActive: boolean
  /** Counts every write of the client: two reads with the same sequence are the same client. */
  readonly sequence: number
}

/** Maps a new client, whose secret is at hand, to what is pushed. */
export function toPushedClient(
  client: RegisteredClient,
  client_secret: string | undefined,
): PushedClient {
  const { disabled_at, stale_at, pending_at, sequence = 1 } = client
  return {
    client: { ...specDefaults, ...client.metadata, ...identityOf(client) },
    client_secret,
    isActive: disabled_at === undefined && stale_at === undefined && pending_at === undefined,
    sequence,
  }
}

/**
 * Maps a stored client to what is pushed, and decrypts its secret. `now` is in Unix seconds. Rejects
 * like `decryptClientSecret`.
 */
export async function decryptPushedClient(
  client: RegisteredClient,
  keyRings: ClientSecretKeyRings,
  now: number,
): Promise<PushedClient> {
  const { client_id, secret_jwe } = client
  const hasExpired = isSecretExpired(client, now)
  const client_secret =
    secret_jwe === undefined || hasExpired
      ? undefined
      : await decryptClientSecret(client_id, secret_jwe, keyRings)
  const pushed = toPushedClient(client, client_secret)
  return hasExpired ? { ...pushed, isActive: false } : pushed
}
