import type { Decision } from './decision.ts'
import { symmetricUses } from './metadata/checks/algorithms.ts'
import type { ClientMetadata } from './metadata/client-metadata.ts'
import type { ScopeLock } from './permission/scope-lock.ts'
import type { RegistrationSource } from './registration-source.ts'
import type { PreviousClientSecret, StoredClientSecret } from './tokens/client-secret.ts'
import type { Rotation, StoredRegistrationAccessToken } from './tokens/registration-access-token.ts'
import { generateBytes } from './tokens/token.ts'

/**
 * (Ours) a stored registration. Secret and token are stored as digests; times are Unix seconds.
 * Clients that were registered before `registration_method` was stored have none.
 */
export type RegisteredClient = Partial<
  StoredClientSecret &
    PreviousClientSecret &
    StoredRegistrationAccessToken &
    Rotation &
    RegistrationSource
> & {
  readonly client_id: string
  readonly client_id_issued_at: number
  readonly metadata: ClientMetadata
  /** Counts the client's own writes; the write condition of an update that does not rotate. */
  readonly version: number
  /** Counts every write, including the operator's; maintained by the store. */
  readonly sequence?: number
  /** Identifies the last write, so that a retry after a lost response recognizes its own write. */
  readonly write_id: Uint8Array
  /** Policies that apply to its updates, in addition to those in the settings. */
  readonly policies?: readonly string[]
  /** Grant types and scopes that its token's scope locks it to, permanently. */
  readonly lock?: ScopeLock
  /** Set if the client counts toward its owner's quota. */
  readonly counted?: true
  /** Of a shared client, about how many registrations it has (lib/sharing/count-instance.ts). */
  readonly instances?: number
  /** Set by the operator; the default label is `DCR`. */
  readonly label?: string
  readonly note?: string
  /** Unix seconds: the first recorded use on the last UTC day on which the client was used. */
  readonly last_used_at?: number
  /** Unix seconds; set while the client is disabled. */
  readonly disabled_at?: number
  /** The job that disabled it; set until somebody else disables or enables the client. */
  readonly disabled_by_job?: string
  /** Unix seconds; set while the client is stale: unused for long, and revived by one use. */
  readonly stale_at?: number
  /** Unix seconds at which clean-up looks at the client; set if clean-up covers it. */
  readonly due_at?: number
  /** Unix seconds; set while the registration awaits approval, together with `disabled_at`. */
  readonly pending_at?: number
  /** The decision on a registration that awaited approval. */
  readonly decision?: Decision
}

/** Generates the id of one request's write (8 bytes). */
export const generateWriteId = (): Uint8Array => generateBytes(8)

/** Authentication methods that present a client secret (RFC 6749 §2.3.1). */
const presentingMethods = ['client_secret_basic', 'client_secret_post']

/** Whether the client needs a secret (RFC 7591 §3.2.1) to authenticate, sign or encrypt. */
export const needsClientSecret = (metadata: ClientMetadata): boolean =>
  presentingMethods.includes(metadata.token_endpoint_auth_method) || usesSecretAsKey(metadata)

/**
 * Whether the client secret is a key (OpenID Connect Core 1.0 §9, §10), for which its digest does
 * not suffice.
 */
export const usesSecretAsKey = (metadata: ClientMetadata): boolean =>
  metadata.token_endpoint_auth_method === 'client_secret_jwt' || symmetricUses(metadata).length > 0
