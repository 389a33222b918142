import './issue.ts'
import { forgetToken, isSignedIn, signIn } from './api.ts'
import { approve } from './approve.ts'
import { client } from './client.ts'
import { clients } from './clients.ts'
import { byId } from './elements.ts'
import { onSubmit, run } from './feedback.ts'
import { canKeepToken } from './kept-token.ts'
import { pending } from './pending.ts'
import { currentRoute, parseRoute, setTitle, type ViewName } from './router.ts'
import { tokens } from './tokens.ts'
import { escapeInvisible } from './untrusted-text.ts'
import type { View } from './view.ts'

const views: Readonly<Record<ViewName, View>> = { clients, client, pending, approve, tokens }

const nav = byId('nav', HTMLElement)
const masterToken = byId('master-token', HTMLInputElement)
const keep = byId('keep-token', HTMLInputElement)
keep.disabled = !canKeepToken()

/**
 * The last route. The focus moves to the heading only when the route changes, not when the list is
 * filtered.
 */
let place = ''

/** Shows the view of the current address, or the sign-in form if there is no token. */
async function navigate(): Promise<void> {
  if (!isSignedIn()) return showSignIn()
  const { view, parameters } = parseRoute()
  const id = parameters.get('id')
  reveal(view, id === null ? [views[view].title] : [escapeInvisible(id), views[view].title])
  await run(() => views[view].show(parameters), { isForHere: true })
}

function showSignIn(): void {
  for (const view of Object.values(views)) view.clear()
  for (const dialog of document.querySelectorAll('dialog[open]'))
    if (dialog instanceof HTMLDialogElement) dialog.close()
  reveal('sign-in', ['Sign in'])
  masterToken.focus()
}

/** Views without a link of their own, and the view that leads to them. */
const parents: Readonly<Record<string, ViewName>> = { client: 'clients', approve: 'pending' }

function reveal(shown: ViewName | 'sign-in', title: readonly string[]): void {
  setTitle(...title)
  for (const name of ['sign-in', ...Object.keys(views)])
    byId(name, HTMLElement).hidden = name !== shown
  nav.hidden = shown === 'sign-in'
  signOut.hidden = shown === 'sign-in'
  for (const link of nav.querySelectorAll('a'))
    link.ariaCurrent = link.hash === `#${parents[shown] ?? shown}` ? 'page' : null
  if (currentRoute() !== place) byId(`${shown}-heading`, HTMLElement).focus()
  place = currentRoute()
}

onSubmit(byId('sign-in-form', HTMLFormElement), async () => {
  const candidate = masterToken.value.trim()
  masterToken.value = ''
  await signIn({ candidate, keep: keep.checked })
  await navigate()
})

// A reload discards all data in memory.
const signOut = byId('sign-out', HTMLElement)
signOut.addEventListener('click', () => {
  forgetToken()
  location.reload()
})

// The router would parse the fragment of the skip link as a view.
byId('skip', HTMLElement).addEventListener('click', (event) => {
  event.preventDefault()
  byId('main', HTMLElement).focus()
})

byId('host', HTMLElement).textContent = location.host
byId('zone', HTMLElement).textContent = new Intl.DateTimeFormat().resolvedOptions().timeZone
addEventListener('hashchange', navigate)
await navigate()
