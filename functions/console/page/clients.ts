import type { AdminView } from '../../../lib/operator/admin-view.ts'
import type { DeletedClientRecord } from '../../../lib/ports/client-lifecycle-store.ts'
import { displayName } from './client-name.ts'
import { byId, day, element, row, time, viewLink } from './elements.ts'
import { onPress, onSubmit } from './feedback.ts'
import { fetchClients } from './fetch-clients.ts'
import { fillFilter, filterAddress } from './filter.ts'
import { deletedCell, stateCell } from './lifecycle.ts'
import { listing } from './listing.ts'
import { ownerCell } from './registration-source.ts'
import { showState } from './state-links.ts'
import { truncatedName } from './untrusted-text.ts'
import type { View } from './view.ts'

type ListedClient = AdminView | DeletedClientRecord

const list = listing<ListedClient>({
  name: 'clients',
  one: 'client',
  row: clientRow,
  fetchPage: (query) => fetchClients(String(query)),
})

export const clients: View = {
  title: 'Clients',
  async show(parameters) {
    showState(parameters)
    if (list.query() === parameters.toString()) return
    fillFilter(parameters)
    await list.load(parameters.toString())
  },
  clear: list.clear,
}

/** The address of the list with its last filter. */
export function listAddress(): string {
  const query = list.query()
  return `#clients${query ? `?${query}` : ''}`
}

/**
 * Replaces a client in the loaded list, or removes it if `client` is undefined, without fetching
 * the list again.
 */
export const replaceListed = (client_id: string, client?: AdminView): void =>
  list.change((clients) =>
    clients.flatMap((other) =>
      other.client_id !== client_id ? [other] : client === undefined ? [] : [client],
    ),
  )

function clientRow(client: ListedClient): HTMLElement {
  if ('deleted_at' in client) return deletedRow(client)
  const { client_id, client_id_issued_at, label, last_used_at } = client
  return row({
    Client: [
      viewLink('client', { id: client_id }, truncatedName(displayName(client))),
      element('code', {}, client_id),
    ],
    Label: [truncatedName(label)],
    Owner: ownerCell(client),
    Registered: [time(client_id_issued_at)],
    'Last used': lastUse(last_used_at),
    State: stateCell(client),
  })
}

/** A deleted client has no link. */
const deletedRow = (client: DeletedClientRecord): HTMLElement =>
  row({
    Client: [element('code', {}, client.client_id)],
    Label: ['–'],
    Owner: ownerCell(client),
    Registered: [time(client.client_id_issued_at)],
    'Last used': lastUse(client.last_used_at),
    State: deletedCell(client),
  })

const lastUse = (seconds: number | undefined) => [seconds === undefined ? '–' : day(seconds)]

onPress(byId('filter-clear', HTMLElement), async () => {
  byId('clients-search', HTMLInputElement).value = ''
  list.change((all) => all)
  fillFilter(new URLSearchParams())
  await ask('#clients')
})

onSubmit(byId('filter', HTMLFormElement), () => ask(filterAddress()))

/** Navigates to the address, or reloads the list if the address does not change. */
async function ask(address: string): Promise<void> {
  const before = location.hash
  location.hash = address
  if (location.hash === before) await list.load()
}
