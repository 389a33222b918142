import type { ClientListResponse } from '../../../lib/operator/list-clients.ts'
import { call } from './api.ts'
import type { Page } from './listing.ts'

/** Fetches a page of the clients that a query finds. */
export async function fetchClients(
  query: string,
): Promise<Page<ClientListResponse['clients'][number]>> {
  const page = await call<ClientListResponse>('GET', `clients?${query}`)
  return { items: page.clients, next: page.next_cursor }
}
