import type { AdminView } from '../../../lib/operator/admin-view.ts'
import { call } from './api.ts'
import { clearApproval, decide, showApproval } from './approval.ts'
import { deleteClient, reissue } from './client-actions.ts'
import { displayName } from './client-name.ts'
import { listAddress, replaceListed } from './clients.ts'
import { clearNotes, editedNotes, fillNotes } from './edited-notes.ts'
import { byId, definitions } from './elements.ts'
import { onPress, onSubmit } from './feedback.ts'
import { lifecycle, stateOf } from './lifecycle.ts'
import { metadata } from './metadata.ts'
import { registrationSource } from './registration-source.ts'
import { hasSecret, renewSecret } from './renew-secret.ts'
import { currentRoute, setTitle } from './router.ts'
import { escapeInvisible, truncated, truncatedName } from './untrusted-text.ts'
import type { View } from './view.ts'

const heading = byId('client-heading', HTMLElement)
const body = byId('client-body', HTMLElement)
const state = byId('client-state', HTMLElement)
const toggle = byId('client-toggle', HTMLElement)
const stale = byId('client-stale', HTMLElement)
const renew = byId('client-renew-secret', HTMLElement)

/** The client on display, as of the last fetch or update. */
let shown: AdminView | undefined
let id = ''

export const client: View = {
  title: 'Client',
  async show(parameters) {
    client.clear()
    id = parameters.get('id') ?? ''
    byId('client-id', HTMLElement).textContent = escapeInvisible(id)
    byId('client-back', HTMLAnchorElement).href = listAddress()
    await load()
  },
  clear() {
    shown = undefined
    id = ''
    body.hidden = true
    heading.textContent = 'Client'
    for (const emptied of [
      'client-id',
      'client-state',
      'client-lifecycle',
      'client-registration-source',
      'client-metadata',
    ])
      byId(emptied, HTMLElement).replaceChildren()
    clearNotes()
    clearApproval()
  },
}

async function load(): Promise<void> {
  const asked = id
  const found = await call<AdminView>('GET', path())
  if (asked === id) render(found)
}

async function change(changes: object): Promise<void> {
  const changed = await call<AdminView>('PATCH', path(), changes)
  replaceListed(changed.client_id, changed)
  if (changed.client_id === id) render(changed, changes)
}

const path = (): string => `clients/${encodeURIComponent(id)}`

function render(found: AdminView, saved: object = {}): void {
  shown = found
  const name = displayName(found)
  heading.replaceChildren(truncatedName(name))
  if (currentRoute() === `client ${id}`)
    setTitle(...new Set([`\u2068${escapeInvisible(truncated(name))}\u2069`, id]))
  const [stateName, kind] = stateOf(found)
  state.textContent = stateName
  state.className = kind
  stale.hidden = found.stale_at === undefined
  toggle.textContent = found.disabled ? 'Enable' : 'Disable'
  toggle.hidden = found.pending_at !== undefined
  renew.hidden = !hasSecret(found)
  showApproval(found)
  fillNotes(found, saved)
  byId('client-lifecycle', HTMLElement).replaceChildren(...definitions(lifecycle(found)))
  byId('client-registration-source', HTMLElement).replaceChildren(
    ...definitions(registrationSource(found)),
  )
  byId('client-metadata', HTMLElement).replaceChildren(...definitions(metadata(found.metadata)))
  body.hidden = false
}

onPress(byId('client-refresh', HTMLElement), async () => {
  await load()
  return 'Refreshed.'
})

onPress(toggle, async () => {
  if (shown === undefined) return undefined
  const disabled = !shown.disabled
  await change({ disabled })
  return disabled ? 'Disabled: its registration access token is rejected.' : 'Enabled.'
})

onPress(byId('client-revive', HTMLElement), async () => {
  if (shown === undefined) return undefined
  await change({ stale: false })
  // The button that had the focus is hidden now.
  heading.focus()
  return 'Revived: authorization servers accept it again.'
})

for (const decision of ['approve', 'reject'] as const)
  onPress(byId(`approval-${decision}`, HTMLElement), async () => {
    if (shown === undefined) return undefined
    const decided = await decide(shown, decision)
    if (decided === undefined) return undefined
    replaceListed(decided.client_id, decided)
    if (decided.client_id === id) {
      render(decided)
      heading.focus()
    }
    return decision === 'approve'
      ? 'Approved: the client is enabled.'
      : 'Rejected: it stays disabled.'
  })

onSubmit(byId('client-notes', HTMLFormElement), async () => {
  const edited = editedNotes()
  if (Object.keys(edited).length === 0) return 'Nothing was edited.'
  await change(edited)
  return 'Saved.'
})

onPress(byId('client-reissue', HTMLElement), async () => {
  if (shown !== undefined && (await reissue(shown))) await load()
})

onPress(renew, async () => {
  if (shown !== undefined && (await renewSecret(shown))) await load()
})

onPress(byId('client-delete', HTMLElement), async () => {
  if (shown !== undefined) await deleteClient(shown)
})
