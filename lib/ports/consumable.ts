import type { Owner } from '../owner.ts'

/** What a registration spends, or counts, in the very write that creates the client: all of it or nothing. */
export type Consumable =
  /** One use of a stored initial access token (RFC 7591 §1.2). */
  | {
      readonly kind: 'initial_access_token'
      readonly id: string
      readonly token_digest: Uint8Array
    }
  /** A JWT that is good for one registration; remembered until (Unix seconds) it has expired. */
  | {
      readonly kind: 'access_token' | 'signed_request'
      readonly digest: Uint8Array
      readonly remembered_until: number
    }
  /** One of the clients that may be registered in an hour at most; the hour is its beginning in Unix seconds. */
  | { readonly kind: 'anonymous_client'; readonly hour: number; readonly max: number }
  /** One of the clients that an owner may have at most. */
  | (Owner & { readonly kind: 'owned_client'; readonly max: number })
