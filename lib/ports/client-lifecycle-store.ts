import type { RegisteredClient } from '../client.ts'
import type { DuePage } from './clean-up-store.ts'

/** What is left of a client that clean-up deleted. Times are Unix seconds. */
export type DeletedClientRecord = Pick<
  RegisteredClient,
  'client_id' | 'client_id_issued_at' | 'owner' | 'iss' | 'last_used_at' | 'stale_at'
> & { readonly deleted_at: number }

export type DeletedClientPage = {
  readonly clients: readonly DeletedClientRecord[]
  readonly next: string | undefined
}

/**
 * Port for the operator's view of clean-up; exists only with it. Rejects with OAuthError
 * `temporarily_unavailable` if the database is unavailable.
 */
export type ClientLifecycleStore = {
  /** Lists stale clients, in no particular order. */
  listStale(limit: number, from: string | undefined): Promise<DuePage>
  /** Lists clients at which clean-up looks at this time or earlier, in no particular order. */
  listDue(until: number, limit: number, from: string | undefined): Promise<DuePage>
  /** Lists what is left of deleted clients, the latest deletion first. */
  listDeleted(limit: number, from: string | undefined): Promise<DeletedClientPage>
}
