import './issue.ts'
import { isSignedIn, signIn } from './api.ts'
import { client } from './client.ts'
import { clients } from './clients.ts'
import { part } from './elements.ts'
import { attempt, onSubmit } from './feedback.ts'
import { tokens } from './tokens.ts'

const views = { clients, client, tokens } as const
type Name = keyof typeof views

const nav = part('nav', HTMLElement)
const masterToken = part('master-token', HTMLInputElement)

/** What was shown last; the focus moves to a heading only when that changes, not when its list is filtered. */
let place = ''

/** Shows what the address asks for, or the sign-in where there is no token. */
async function navigate(): Promise<void> {
  const [name = '', query = ''] = location.hash.slice(1).split('?')
  if (!isSignedIn()) return showSignIn()
  const known = isName(name) ? name : 'clients'
  const parameters = new URLSearchParams(query)
  reveal(known, views[known].title, `${known} ${parameters.get('id') ?? ''}`)
  await attempt(() => views[known].show(parameters))
}

function showSignIn(): void {
  for (const view of Object.values(views)) view.clear()
  for (const dialog of document.querySelectorAll('dialog[open]'))
    if (dialog instanceof HTMLDialogElement) dialog.close()
  reveal('sign-in', 'Sign in', 'sign-in')
  masterToken.focus()
}

function reveal(shown: Name | 'sign-in', title: string, to: string): void {
  document.title = `${title} · Applications`
  for (const name of ['sign-in', ...Object.keys(views)])
    part(name, HTMLElement).hidden = name !== shown
  nav.hidden = shown === 'sign-in'
  signOut.hidden = shown === 'sign-in'
  for (const link of nav.querySelectorAll('a'))
    link.ariaCurrent = link.hash === `#${shown === 'client' ? 'clients' : shown}` ? 'page' : null
  if (to !== place) part(`${shown}-heading`, HTMLElement).focus()
  place = to
}

const isName = (name: string): name is Name => Object.hasOwn(views, name)

onSubmit(part('sign-in-form', HTMLFormElement), async () => {
  const candidate = masterToken.value.trim()
  masterToken.value = ''
  await signIn(candidate)
  await navigate()
})

// A new page has nothing of the old one.
const signOut = part('sign-out', HTMLElement)
signOut.addEventListener('click', () => location.reload())

// Its address would be taken for a view.
part('skip', HTMLElement).addEventListener('click', (event) => {
  event.preventDefault()
  part('main', HTMLElement).focus()
})

part('host', HTMLElement).textContent = location.host
addEventListener('hashchange', navigate)
await navigate()
