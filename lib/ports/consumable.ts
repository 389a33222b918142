import type { Owner } from '../owner.ts'

/** The response to a registration with an idempotency key. */
export type StoredResponse = {
  /** Digest of the bearer and the key. */
  readonly id: string
  readonly request_digest: Uint8Array
  /** The encrypted response. */
  readonly response_jwe: string
  /** Unix seconds. */
  readonly expires_at: number
}

/** Consumed or counted atomically, in the same write that creates the client. */
export type Consumable =
  /** One use of a stored initial access token (RFC 7591 §1.2). */
  | {
      readonly kind: 'initial_access_token'
      readonly id: string
      readonly token_digest: Uint8Array
    }
  /** A single-use JWT; its digest is stored until the JWT has expired (Unix seconds). */
  | {
      readonly kind: 'access_token' | 'signed_request'
      readonly digest: Uint8Array
      readonly remembered_until: number
    }
  /** One anonymous registration of the hourly limit; `hour` is its start in Unix seconds. */
  | { readonly kind: 'anonymous_client'; readonly hour: number; readonly max: number }
  /** The same for one redirect host. */
  | {
      readonly kind: 'redirect_host'
      readonly hour: number
      readonly host: string
      readonly max: number
    }
  /** One client of the quota of a `software_id`. */
  | { readonly kind: 'software_client'; readonly software_id: string; readonly max: number }
  /** An idempotency key of the request's bearer, which is free again once its response has expired. */
  | (StoredResponse & { readonly kind: 'idempotency_key' })
  /** An approved registration, which is deleted. */
  | {
      readonly kind: 'pending_registration'
      readonly verification_code: string
      readonly code_digest: Uint8Array
    }
  /** One client of the owner's quota. */
  | (Owner & { readonly kind: 'owned_client'; readonly max: number })
