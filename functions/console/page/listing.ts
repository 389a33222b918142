import { asOf, byId } from './elements.ts'
import { onPress } from './feedback.ts'
import { searchText } from './search-text.ts'

export type Page<Item> = { readonly items: readonly Item[]; readonly next: string | undefined }

type Source<Item> = {
  /** Prefix of the ids of its elements in page.html. */
  readonly name: 'clients' | 'pending' | 'tokens'
  /** Singular noun for an item. */
  readonly one: string
  readonly remark?: string
  fetchPage(query: URLSearchParams): Promise<Page<Item>>
  row(item: Item): HTMLElement
}

/** A paginated list with a search in the loaded items. */
export type Listing<Item> = {
  /** The query of the loaded items; undefined before the first load. */
  query(): string | undefined
  /** Fetches the first page of the query. */
  load(query?: string): Promise<void>
  /** Updates the loaded items without fetching them again. */
  change(changed: (items: readonly Item[]) => readonly Item[]): void
  clear(): void
}

export function listing<Item>(source: Source<Item>): Listing<Item> {
  const { name, one, remark = '', fetchPage, row } = source
  const rows = byId(`${name}-rows`, HTMLElement)
  const table = byId(`${name}-table`, HTMLElement)
  const summary = byId(`${name}-summary`, HTMLElement)
  const search = byId(`${name}-search`, HTMLInputElement)
  const more = byId(`${name}-more`, HTMLElement)

  let loaded: readonly Item[] = []
  let query: string | undefined
  let cursor: string | undefined
  let fetchedAt = new Date()
  /**
   * Number of the latest request. Responses to earlier requests, or to requests from before the
   * list was cleared, are discarded.
   */
  let requests = 0

  async function load(wanted = query ?? '', from?: string): Promise<void> {
    requests += 1
    const mine = requests
    // A search term for the previous query would hide rows of the new one.
    if (wanted !== query) search.value = ''
    table.ariaBusy = 'true'
    summary.textContent = 'Loading…'
    try {
      const parameters = new URLSearchParams(wanted)
      if (from !== undefined) parameters.set('cursor', from)
      const { items, next } = await fetchPage(parameters)
      if (mine !== requests) return
      loaded = from === undefined ? items : [...loaded, ...items]
      cursor = next
      query = wanted
      fetchedAt = new Date()
    } catch (error) {
      if (from === undefined && mine === requests) forget()
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
    const found = loaded.filter((item) => searchText(item).toLowerCase().includes(sought))
    rows.replaceChildren(...found.map(row))
    more.hidden = cursor === undefined
    const all = `${loaded.length} ${one}${loaded.length === 1 ? '' : 's'} loaded`
    const those = sought === '' ? all : `${found.length} found in ${all}`
    const rest = cursor === undefined ? '' : ', and there are more'
    summary.textContent = query === undefined ? '' : `${those}${rest}. ${remark}${asOf(fetchedAt)}`
  }

  function forget(): void {
    requests += 1
    table.ariaBusy = null
    loaded = []
    query = undefined
    cursor = undefined
    search.value = ''
    render()
  }

  search.addEventListener('input', render)
  onPress(byId(`${name}-refresh`, HTMLElement), async () => {
    await load()
    return 'Refreshed.'
  })
  onPress(more, async () => {
    const before = rows.children.length
    await load(query, cursor)
    rows.children[before]?.querySelector('a')?.focus()
  })

  return {
    query: () => query,
    load: (wanted) => load(wanted),
    change(changed) {
      loaded = changed(loaded)
      render()
    },
    clear: forget,
  }
}
