import { isSignedIn } from './api.ts'

const names = ['clients', 'client', 'pending', 'approve', 'tokens'] as const
export type ViewName = (typeof names)[number]

/** Parses the view and its parameters from the address. The default view is `clients`. */
export function parseRoute(): {
  readonly view: ViewName
  readonly parameters: URLSearchParams
} {
  const [name, query = ''] = location.hash.slice(1).split('?')
  const view = names.find((known) => known === name) ?? 'clients'
  return { view, parameters: new URLSearchParams(query) }
}

/** The current view, with the client's id if it shows one. Filters are not part of the route. */
export function currentRoute(): string {
  const { view, parameters } = parseRoute()
  return isSignedIn() ? `${view} ${parameters.get('id') ?? ''}` : 'sign-in'
}

/** Sets the document's title. Put the most specific part first, to distinguish browser tabs. */
export function setTitle(...parts: readonly string[]): void {
  document.title = [...parts, 'Applications'].join(' · ')
}

/** Navigates to another view and resolves when the address has changed. */
export function navigateTo(address: string): Promise<unknown> {
  const arrival = new Promise((resolve) => addEventListener('hashchange', resolve, { once: true }))
  location.hash = address
  return arrival
}
