import { isSignedIn } from './api.ts'

const names = ['clients', 'client', 'tokens'] as const
export type ViewName = (typeof names)[number]

/** The view that the address names, and what it asks of it; the clients where it names none. */
export function parseRoute(): {
  readonly view: ViewName
  readonly parameters: URLSearchParams
} {
  const [name, query = ''] = location.hash.slice(1).split('?')
  const view = names.find((known) => known === name) ?? 'clients'
  return { view, parameters: new URLSearchParams(query) }
}

/**
 * Where the operator is: in a view, and at a client where it shows one. Another filter is no other
 * place.
 */
export function currentRoute(): string {
  const { view, parameters } = parseRoute()
  return isSignedIn() ? `${view} ${parameters.get('id') ?? ''}` : 'sign-in'
}

/** Names the document: what tells it from other tabs stands first. */
export function setTitle(...parts: readonly string[]): void {
  document.title = [...parts, 'Applications'].join(' · ')
}

/** Goes to another view, and settles when it is there. */
export function navigateTo(address: string): Promise<unknown> {
  const arrival = new Promise((resolve) => addEventListener('hashchange', resolve, { once: true }))
  location.hash = address
  return arrival
}
