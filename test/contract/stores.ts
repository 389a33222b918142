import type { ClientAdminStore } from '../../lib/ports/client-admin-store.ts'
import type { ClientStore } from '../../lib/ports/client-store.ts'
import type { InitialAccessTokenStore } from '../../lib/ports/initial-access-token-store.ts'

/** The three stores of one database, which is empty. */
export type Stores = {
  readonly clients: ClientStore
  readonly clientAdmin: ClientAdminStore
  readonly initialAccessTokens: InitialAccessTokenStore
  /** The next request to the database takes effect, and its answer is lost on the way. */
  readonly loseNextAnswer: () => void
}

/** Makes stores on a database of their own, which is empty. */
export type MakeStores = () => Promise<Stores>
