import type { AdministeredClient } from '../../../lib/administration/administered-client.ts'
import { call } from './api.ts'
import { discard, reissue } from './client-deeds.ts'
import { nameOf } from './client-name.ts'
import { listAddress, replaceListed } from './clients.ts'
import { definitions, part } from './elements.ts'
import { onPress, onSubmit } from './feedback.ts'
import { clamped, truncated, visible } from './foreign.ts'
import { metadata } from './metadata.ts'
import { clearNotes, editedNotes, fillNotes } from './notes.ts'
import { entitle, here } from './place.ts'
import { provenance } from './provenance.ts'
import type { View } from './view.ts'

const heading = part('client-heading', HTMLElement)
const body = part('client-body', HTMLElement)
const state = part('client-state', HTMLElement)
const toggle = part('client-toggle', HTMLElement)

/** The client that is shown, as it was when it was last fetched or changed. */
let shown: AdministeredClient | undefined
let id = ''

export const client: View = {
  title: 'Client',
  async show(parameters) {
    client.clear()
    id = parameters.get('id') ?? ''
    part('client-id', HTMLElement).textContent = visible(id)
    part('client-back', HTMLAnchorElement).href = listAddress()
    await load()
  },
  clear() {
    shown = undefined
    id = ''
    body.hidden = true
    heading.textContent = 'Client'
    for (const emptied of ['client-id', 'client-state', 'client-provenance', 'client-metadata'])
      part(emptied, HTMLElement).replaceChildren()
    clearNotes()
  },
}

async function load(): Promise<void> {
  const asked = id
  const found = await call<AdministeredClient>('GET', path())
  if (asked === id) render(found)
}

async function change(changes: object): Promise<void> {
  const changed = await call<AdministeredClient>('PATCH', path(), changes)
  replaceListed(changed.client_id, changed)
  if (changed.client_id === id) render(changed, changes)
}

const path = (): string => `clients/${encodeURIComponent(id)}`

function render(found: AdministeredClient, saved: object = {}): void {
  shown = found
  const name = nameOf(found)
  heading.replaceChildren(clamped(name))
  if (here() === `client ${id}`)
    entitle(...new Set([`\u2068${visible(truncated(name))}\u2069`, id]))
  state.textContent = found.disabled ? 'Disabled' : 'Enabled'
  state.className = found.disabled ? 'off' : 'on'
  toggle.textContent = found.disabled ? 'Enable' : 'Disable'
  fillNotes(found, saved)
  part('client-provenance', HTMLElement).replaceChildren(...definitions(provenance(found)))
  part('client-metadata', HTMLElement).replaceChildren(...definitions(metadata(found.metadata)))
  body.hidden = false
}

onPress(part('client-refresh', HTMLElement), async () => {
  await load()
  return 'Refreshed.'
})

onPress(toggle, async () => {
  if (shown === undefined) return undefined
  const disabled = !shown.disabled
  await change({ disabled })
  return disabled ? 'Disabled: its registration access token is refused.' : 'Enabled.'
})

onSubmit(part('client-notes', HTMLFormElement), async () => {
  const edited = editedNotes()
  if (Object.keys(edited).length === 0) return 'Nothing was edited.'
  await change(edited)
  return 'Saved.'
})

onPress(part('client-reissue', HTMLElement), async () => {
  if (shown !== undefined && (await reissue(shown))) await load()
})

onPress(part('client-delete', HTMLElement), async () => {
  if (shown !== undefined) await discard(shown)
})
