import type { AdminView } from '../../../lib/operator/admin-view.ts'
import { displayName } from './client-name.ts'
import { element, row, time, viewLink } from './elements.ts'
import { fetchClients } from './fetch-clients.ts'
import { listing } from './listing.ts'
import { redirectHosts } from './redirect-hosts.ts'
import { ownerCell, registrationMethod } from './registration-source.ts'
import { truncatedName } from './untrusted-text.ts'
import type { View } from './view.ts'

const list = listing<AdminView>({
  name: 'pending',
  one: 'client',
  row: pendingRow,
  async fetchPage(query) {
    const { items, next } = await fetchClients(`state=pending&${query}`)
    return { items: items.filter((item) => 'metadata' in item), next }
  },
})

/** The clients that await approval. The operator decides in the view of a client. */
export const pending: View = {
  title: 'Approvals',
  show: () => list.load(),
  clear: list.clear,
}

function pendingRow(client: AdminView): HTMLElement {
  const { client_id, client_id_issued_at, metadata } = client
  return row({
    Client: [
      viewLink('client', { id: client_id }, truncatedName(displayName(client))),
      element('code', {}, client_id),
    ],
    'Redirects to': redirectHosts(metadata),
    Owner: ownerCell(client),
    'Registered by': registrationMethod(client),
    Registered: [time(client_id_issued_at)],
  })
}
