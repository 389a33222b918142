import './issue.ts'
import { forgetToken, isSignedIn, signIn } from './api.ts'
import { client } from './client.ts'
import { clients } from './clients.ts'
import { part } from './elements.ts'
import { attempt, onSubmit } from './feedback.ts'
import { visible } from './foreign.ts'
import { canKeepToken } from './kept-token.ts'
import { asked, entitle, here, type ViewName } from './place.ts'
import { tokens } from './tokens.ts'
import type { View } from './view.ts'

const views: Readonly<Record<ViewName, View>> = { clients, client, tokens }

const nav = part('nav', HTMLElement)
const masterToken = part('master-token', HTMLInputElement)
const keep = part('keep-token', HTMLInputElement)
keep.disabled = !canKeepToken()

/** What was shown last; the focus moves to a heading only when that changes, not when its list is filtered. */
let place = ''

/** Shows what the address asks for, or the sign-in where there is no token. */
async function navigate(): Promise<void> {
  if (!isSignedIn()) return showSignIn()
  const { view, parameters } = asked()
  const id = parameters.get('id')
  reveal(view, id === null ? [views[view].title] : [visible(id), views[view].title])
  await attempt(() => views[view].show(parameters), { isForHere: true })
}

function showSignIn(): void {
  for (const view of Object.values(views)) view.clear()
  for (const dialog of document.querySelectorAll('dialog[open]'))
    if (dialog instanceof HTMLDialogElement) dialog.close()
  reveal('sign-in', ['Sign in'])
  masterToken.focus()
}

function reveal(shown: ViewName | 'sign-in', title: readonly string[]): void {
  entitle(...title)
  for (const name of ['sign-in', ...Object.keys(views)])
    part(name, HTMLElement).hidden = name !== shown
  nav.hidden = shown === 'sign-in'
  signOut.hidden = shown === 'sign-in'
  for (const link of nav.querySelectorAll('a'))
    link.ariaCurrent = link.hash === `#${shown === 'client' ? 'clients' : shown}` ? 'page' : null
  if (here() !== place) part(`${shown}-heading`, HTMLElement).focus()
  place = here()
}

onSubmit(part('sign-in-form', HTMLFormElement), async () => {
  const candidate = masterToken.value.trim()
  masterToken.value = ''
  await signIn({ candidate, keep: keep.checked })
  await navigate()
})

// A new page has nothing of the old one.
const signOut = part('sign-out', HTMLElement)
signOut.addEventListener('click', () => {
  forgetToken()
  location.reload()
})

// Its address would be taken for a view.
part('skip', HTMLElement).addEventListener('click', (event) => {
  event.preventDefault()
  part('main', HTMLElement).focus()
})

part('host', HTMLElement).textContent = location.host
part('zone', HTMLElement).textContent = new Intl.DateTimeFormat().resolvedOptions().timeZone
addEventListener('hashchange', navigate)
await navigate()
