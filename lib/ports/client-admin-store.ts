import type { RegisteredClient } from '../client.ts'
import type { Owner } from '../owner.ts'
import type { StoredRegistrationAccessToken } from '../tokens/registration-access-token.ts'
import type { DeletedClient } from './client-store.ts'

/** What the operator may look for; one of the four names at most, and a span of time. */
export type ClientFilter = {
  readonly by?:
    | {
        readonly name: 'software_id' | 'label' | 'initial_access_token'
        readonly value: string
      }
    /** Clients of any of these owners, who have one name. */
    | { readonly name: 'owner'; readonly owners: readonly Owner[] }
  /** Unix seconds: issued at or after, and before. */
  readonly createdFrom?: number
  readonly createdBefore?: number
}

export type ClientPage = {
  readonly clients: readonly RegisteredClient[]
  /** Where the next page begins; undefined on the last one. */
  readonly next: string | undefined
}

/** What the operator changes on a client; null removes. */
export type ClientAdminUpdate = {
  /** Kept as it is where the client is disabled already. */
  readonly disabled_at?: number | null
  readonly label?: string | null
  readonly note?: string | null
}

/**
 * The port through which the operator sees clients: none of it needs the client's own token. Rejects with OAuthError
 * `temporarily_unavailable` where the database cannot answer now.
 */
export type ClientAdminStore = {
  /** Clients, newest first, from a position that an earlier page gave; by an index, at any size of the table. */
  list(filter: ClientFilter, limit: number, from: string | undefined): Promise<ClientPage>
  /** The changed client; undefined where there is none. */
  update(client_id: string, update: ClientAdminUpdate): Promise<RegisteredClient | undefined>
  /** Deletes a client, and tells which it was; undefined where there is none. */
  delete(client_id: string): Promise<DeletedClient | undefined>
  /** Gives a client another registration access token, ending those before; undefined where there is no client. */
  reissue(
    client_id: string,
    token: StoredRegistrationAccessToken,
  ): Promise<RegisteredClient | undefined>
}
