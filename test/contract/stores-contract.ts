import { clientAdminStoreContract } from './client-admin-store.ts'
import { clientListContract } from './client-list.ts'
import { clientStoreContract } from './client-store.ts'
import { conditionalWritesContract } from './conditional-writes.ts'
import { consumablesContract } from './consumables.ts'
import { foundClientsContract } from './found-clients.ts'
import { initialAccessTokenStoreContract } from './initial-access-token-store.ts'
import type { MakeStores } from './stores.ts'

/** What the three stores of any database must do. */
export function storesContract(makeStores: MakeStores): void {
  clientStoreContract(makeStores)
  conditionalWritesContract(makeStores)
  consumablesContract(makeStores)
  clientAdminStoreContract(makeStores)
  clientListContract(makeStores)
  foundClientsContract(makeStores)
  initialAccessTokenStoreContract(makeStores)
}
