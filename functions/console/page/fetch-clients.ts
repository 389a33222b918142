import type { AdminView } from '../../../lib/operator/admin-view.ts'
import type { ClientListResponse } from '../../../lib/operator/list-clients.ts'
import { call } from './api.ts'
import type { Page } from './listing.ts'

/** Only a list of deleted clients has other items. */
type Clients = Pick<ClientListResponse, 'next_cursor'> & { readonly clients: readonly AdminView[] }

/** Fetches a page of the clients that a query finds. */
export async function fetchClients(query: string): Promise<Page<AdminView>> {
  const page = await call<Clients>('GET', `clients?${query}`)
  return { items: page.clients, next: page.next_cursor }
}
