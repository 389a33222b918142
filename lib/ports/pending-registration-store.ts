import type { Decision } from '../decision.ts'
import type { ClientMetadata } from '../metadata/client-metadata.ts'
import type { ScopeLock } from '../permission/scope-lock.ts'
import type { RegistrationSource } from '../registration-source.ts'
import type { CreateResult } from './client-store.ts'
import type { Consumable } from './consumable.ts'

/**
 * A deferred registration (draft-dellaert-oauth-approval-based-dcr-00 §3.2.2): what is registered
 * once it is approved and polled. It has no credential of the client. Times are Unix seconds.
 */
export type PendingRegistration = {
  readonly verification_code: string
  /** SHA-256 of the registration code. */
  readonly code_digest: Uint8Array
  readonly requested_at: number
  readonly expires_at: number
  /** Minimum seconds between polls. */
  readonly interval: number
  /** The last poll that was answered, or the request. */
  readonly polled_at: number
  readonly metadata: ClientMetadata
  readonly source: RegistrationSource
  readonly policies?: readonly string[]
  readonly lock: ScopeLock
  /** Clients that the owner may have; counted when the client is registered. */
  readonly max_clients?: number
  /** The same for its `software_id`. */
  readonly max_software_clients?: number
  /** The decision of a policy whether the client gets a registration access token. */
  readonly issues_token?: boolean
  readonly decision?: Decision
  readonly write_id: Uint8Array
}

/**
 * Port for deferred registrations. Each write is conditional. An expired registration counts as
 * missing, except to `find`. Rejects with OAuthError `temporarily_unavailable` if the database is
 * unavailable.
 */
export type PendingRegistrationStore = {
  /** Stores a registration and consumes its consumables; `exists` if its verification code does. */
  create(
    registration: PendingRegistration,
    consumables: readonly Consumable[],
  ): Promise<CreateResult>
  /** Strongly consistent read. */
  find(verification_code: string): Promise<PendingRegistration | undefined>
  /** Records a poll at `now`; false if there was one after `polled_at`, or it is decided or gone. */
  poll(registration: PendingRegistration, now: number): Promise<boolean>
  /** Decides once; `rejected` if it was decided before, and undefined if there is none. */
  decide(
    verification_code: string,
    decision: Decision,
  ): Promise<
    | { readonly outcome: 'written' | 'rejected'; readonly registration: PendingRegistration }
    | undefined
  >
  /** Deletes a registration; false if there is none. */
  cancel(registration: PendingRegistration, now: number): Promise<boolean>
}
