import type { RegistrationGrant } from './authorization/registration-grant.ts'
import { symmetricUses } from './metadata/checks/algorithms.ts'
import type { ClientMetadata } from './metadata/client-metadata.ts'
import type { ScopeLock } from './permission/scope-lock.ts'
import type { StoredClientSecret } from './tokens/client-secret.ts'
import type { Rotation, StoredRegistrationAccessToken } from './tokens/registration-access-token.ts'
import { generateBytes } from './tokens/token.ts'

/** (Ours) a stored registration. Secret and token are kept as digests; times are Unix seconds. */
export type RegisteredClient = Partial<
  StoredClientSecret & StoredRegistrationAccessToken & Rotation
> & {
  readonly client_id: string
  readonly client_id_issued_at: number
  readonly metadata: ClientMetadata
  /** Counts the client's own writes; the condition of an update that does not rotate. */
  readonly version: number
  /** Counts every write, the operator's too; the store keeps it. */
  readonly sequence?: number
  /** Marks the request that wrote last, so that its retry after a lost answer knows its own write. */
  readonly write_id: Uint8Array
  /** By what right it was registered; left out where the initial access token says it, and on clients of before it was kept. */
  readonly admission?: RegistrationGrant['registration_method']
  /** Issuer of the access token that it was registered with. */
  readonly iss?: string
  /** `sub` of the token that it was registered with; of two issuers it names two owners. */
  readonly owner?: string
  /** Id of the initial access token that it was registered with. */
  readonly initial_access_token?: string
  /** Policies that govern its updates, beside those of the settings. */
  readonly policies?: readonly string[]
  /** What its token's scope locks it to, for life. */
  readonly lock?: ScopeLock
  /** Set where it counts as one of those its owner may have at most. */
  readonly counted?: true
  /** The operator's own; where there is no label it is `DCR`. */
  readonly label?: string
  readonly note?: string
  /** Set where an operator has disabled the client. */
  readonly disabled_at?: number
}

/** Bytes that mark one request's write. */
export const generateWriteId = (): Uint8Array => generateBytes(8)

/** The authentication methods of RFC 6749 §2.3.1 and OpenID Connect Core §9 that prove a client secret. */
const secretMethods = ['client_secret_basic', 'client_secret_post', 'client_secret_jwt']

/** Whether this client is given a secret (RFC 7591 §3.2.1): to authenticate, to sign or to encrypt with. */
export const needsClientSecret = (metadata: ClientMetadata): boolean =>
  secretMethods.includes(metadata.token_endpoint_auth_method) || symmetricUses(metadata).length > 0
