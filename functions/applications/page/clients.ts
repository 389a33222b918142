import type { AdministeredClient } from '../../../lib/administration/administered-client.ts'
import type { ClientListResponse } from '../../../lib/administration/list-clients.ts'
import { call } from './api.ts'
import { asOf, element, foreign, part, row, time, viewLink } from './elements.ts'
import { onPress, onSubmit } from './feedback.ts'
import { fillFilter, filterAddress } from './filter.ts'
import type { View } from './view.ts'

const rows = part('clients-rows', HTMLElement)
const table = part('clients-table', HTMLElement)
const summary = part('clients-summary', HTMLElement)
const search = part('search', HTMLInputElement)
const more = part('clients-more', HTMLElement)

let loaded: readonly AdministeredClient[] = []
/** What the loaded clients were asked by; undefined before anything is loaded. */
let query: string | undefined
let cursor: string | undefined
let fetchedAt = new Date()
/** Counts requests: only the answer to the last one is shown. */
let requests = 0

export const clients: View = {
  title: 'Clients',
  async show(parameters) {
    fillFilter(parameters)
    if (query !== parameters.toString()) await load(parameters.toString())
  },
  clear() {
    loaded = []
    query = undefined
    cursor = undefined
    search.value = ''
    rows.replaceChildren()
    summary.textContent = ''
  },
}

/** The address of the list as it was last filtered. */
export const listAddress = (): string => `#clients${query ? `?${query}` : ''}`

/** Shows a client as it is now, or no longer, without asking for the list again. */
export function replaceListed(client_id: string, client?: AdministeredClient): void {
  loaded = loaded.flatMap((other) =>
    other.client_id !== client_id ? [other] : client === undefined ? [] : [client],
  )
  render()
}

/** What a client calls itself, if that is anything one can see. */
export const nameOf = ({ client_id, metadata }: AdministeredClient): string =>
  typeof metadata.client_name === 'string' && /[\p{L}\p{N}\p{P}\p{S}]/u.test(metadata.client_name)
    ? metadata.client_name
    : client_id

/** Asks for the first page, or for the next one. */
async function load(wanted: string, from?: string): Promise<void> {
  requests += 1
  const mine = requests
  table.ariaBusy = 'true'
  summary.textContent = 'Loading…'
  try {
    const parameters = new URLSearchParams(wanted)
    if (from !== undefined) parameters.set('cursor', from)
    const page = await call<ClientListResponse>('GET', `clients?${parameters}`)
    if (mine !== requests) return
    loaded = from === undefined ? page.clients : [...loaded, ...page.clients]
    cursor = page.next_cursor
    query = wanted
    fetchedAt = new Date()
  } catch (error) {
    if (from === undefined && mine === requests) clients.clear()
    throw error
  } finally {
    if (mine === requests) {
      table.ariaBusy = null
      render()
    }
  }
}

function render(): void {
  const sought = search.value.trim().toLowerCase()
  const found = loaded.filter((client) => words(client).toLowerCase().includes(sought))
  rows.replaceChildren(...found.map(clientRow))
  more.hidden = cursor === undefined
  if (query !== undefined) summary.textContent = summaryOf(found.length, sought !== '')
}

function summaryOf(found: number, isSearched: boolean): string {
  const all = `${loaded.length} ${loaded.length === 1 ? 'client' : 'clients'} loaded`
  const those = isSearched ? `${found} found in ${all}` : all
  return `${those}${cursor === undefined ? '' : ', and there are more'}. ${asOf(fetchedAt)}`
}

function clientRow(client: AdministeredClient): HTMLElement {
  const { client_id, client_id_issued_at, label, owner, disabled } = client
  const state = disabled ? 'Disabled' : 'Enabled'
  return row({
    Client: [
      viewLink('client', { id: client_id }, foreign(nameOf(client))),
      element('code', {}, client_id),
    ],
    Label: [foreign(label)],
    Owner: owner === undefined ? ['–'] : [foreign(owner)],
    Registered: [time(client_id_issued_at)],
    State: [element('span', { class: disabled ? 'off' : 'on' }, state)],
  })
}

/** Everything that is known of a client, to search in. */
const words = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? Object.values(value).map(words).join('\n')
    : String(value)

search.addEventListener('input', render)

onPress(part('clients-refresh', HTMLElement), async () => {
  await load(query ?? '')
  return 'Refreshed.'
})

onPress(more, async () => {
  const before = rows.children.length
  await load(query ?? '', cursor)
  rows.children[before]?.querySelector('a')?.focus()
})

onPress(part('filter-clear', HTMLElement), async () => {
  search.value = ''
  location.hash = '#clients'
  fillFilter(new URLSearchParams())
})

onSubmit(part('filter', HTMLFormElement), async () => {
  location.hash = filterAddress()
})
