import type { RegisteredClient } from '../client.ts'
import type { Decision } from '../decision.ts'
import type { Owner } from '../owner.ts'
import type { StoredRegistrationAccessToken } from '../tokens/registration-access-token.ts'
import type { ConditionFailed, DeletedClient } from './client-store.ts'

/** The operator's filter: at most one attribute, and a time range. */
export type ClientFilter = {
  readonly by?:
    | {
        readonly name: 'software_id' | 'label' | 'initial_access_token'
        readonly value: string
      }
    /** Clients of any of these owners: one `sub` at several issuers. */
    | { readonly name: 'owner'; readonly owners: readonly Owner[] }
    /**
     * Clients whose normalized name begins with this one, in the order of names; without a time
     * range (lib/operator/name-filter.ts).
     */
    | { readonly name: 'name_prefix'; readonly value: string }
    /** Clients with a redirect URI at this host (lib/operator/redirect-host-filter.ts). */
    | { readonly name: 'redirect_host'; readonly value: string }
    /** Clients that await approval. */
    | { readonly name: 'state'; readonly value: 'pending' }
    | undefined
  /** Whether a list without a filter contains clients that await approval: it costs more reads. */
  readonly includesPending?: boolean
  /** Unix seconds: `createdFrom` is inclusive, `createdBefore` exclusive. */
  readonly createdFrom?: number | undefined
  readonly createdBefore?: number | undefined
}

export type ClientPage = {
  readonly clients: readonly RegisteredClient[]
  /** Position of the next page; undefined on the last page. */
  readonly next: string | undefined
}

/** An operator's changes to a client; null removes an attribute. */
export type ClientAdminUpdate = {
  /** Unix seconds; ignored if the client is already disabled. */
  readonly disabled_at?: number | null
  /** Null revives a stale client. */
  readonly stale_at?: null
  /** Unix seconds at which clean-up looks at the client, as one in use. */
  readonly due_at?: number
  readonly label?: string | null
  readonly note?: string | null
}

/** The decided client; or the client that does not await approval, or has another version. */
export type DecisionResult =
  | { readonly outcome: 'written'; readonly client: RegisteredClient }
  | Omit<ConditionFailed, 'ambiguous'>

/**
 * Port for the operator's access to clients, without a registration access token. Rejects with
 * OAuthError `temporarily_unavailable` if the database is unavailable.
 */
export type ClientAdminStore = {
  /**
   * Lists clients, newest first or in the order of names, from a previous page's `next`. Queries an
   * index, never scans.
   */
  list(filter: ClientFilter, limit: number, from: string | undefined): Promise<ClientPage>
  /**
   * Returns the updated client; undefined if it does not exist. A client that awaits approval is
   * not enabled, and returned unchanged.
   */
  update(client_id: string, update: ClientAdminUpdate): Promise<RegisteredClient | undefined>
  /** Decides on a client that awaits approval, of this version if one is given: once only. */
  decide(
    client_id: string,
    decision: Decision,
    version: number | undefined,
  ): Promise<DecisionResult>
  /** Deletes a client and returns it; undefined if it does not exist. */
  delete(client_id: string): Promise<DeletedClient | undefined>
  /** Replaces the registration access token; undefined if the client does not exist. */
  reissue(
    client_id: string,
    token: StoredRegistrationAccessToken,
  ): Promise<RegisteredClient | undefined>
}
