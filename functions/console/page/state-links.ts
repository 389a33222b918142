import { byId } from './elements.ts'
import { hasFeature } from './features.ts'

const links = byId('states', HTMLElement)
const hint = byId('state-hint', HTMLElement)
const filter = byId('filter-search', HTMLElement)

// A single link leads nowhere else.
links.hidden = links.children.length < 2

const hints: Readonly<Record<string, string>> = {
  pending: 'No authorization server accepts these clients until an operator approves them.',
  due: hasFeature('clean_up_acts')
    ? 'The next night makes these clients stale, unless they are used before.'
    : 'Clean-up only observes. If it acted, the next night would make these clients stale.',
  stale:
    'Not used for long: authorization servers reject these clients. One use revives a client; you can do so in its view.',
  deleted: 'What is left of clients that clean-up deleted: their identifier, owner and times.',
}

/** Marks the state that is listed. It cannot be combined with another filter. */
export function showState(parameters: URLSearchParams): void {
  const state = parameters.get('state') ?? ''
  for (const link of links.querySelectorAll('a'))
    link.ariaCurrent = link.hash === `#clients${state && `?state=${state}`}` ? 'page' : null
  hint.textContent = hints[state] ?? ''
  filter.hidden = state !== ''
}
