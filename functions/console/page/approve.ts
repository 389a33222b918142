import type { PendingRegistrationView } from '../../../lib/operator/pending-registration.ts'
import { call } from './api.ts'
import { confirmed } from './dialogs.ts'
import { byId, definitions, element, time } from './elements.ts'
import { onPress, onSubmit } from './feedback.ts'
import { metadata } from './metadata.ts'
import { redirectHosts } from './redirect-hosts.ts'
import { ownerCell, registrationMethod } from './registration-source.ts'
import { truncatedName } from './untrusted-text.ts'
import type { View } from './view.ts'

const code = byId('approve-code', HTMLInputElement)
const body = byId('approve-body', HTMLElement)
const note = byId('approve-note', HTMLTextAreaElement)
const decision = byId('approve-decision', HTMLElement)

/** The registration on display. */
let shown: PendingRegistrationView | undefined

/**
 * A deferred registration, which the operator finds by the verification code that its client shows
 * (draft-dellaert-oauth-approval-based-dcr-00 §4).
 */
export const approve: View = {
  title: 'Verification code',
  async show(parameters) {
    approve.clear()
    code.value = parameters.get('code') ?? ''
    if (code.value !== '') await load()
  },
  clear() {
    shown = undefined
    code.value = ''
    hide()
  },
}

function hide(): void {
  body.hidden = true
  note.value = ''
  byId('approve-registration', HTMLElement).replaceChildren()
  byId('approve-metadata', HTMLElement).replaceChildren()
}

const path = (of: string): string => `pending-registrations/${encodeURIComponent(of)}`

async function load(): Promise<void> {
  const typed = code.value
  hide()
  const found = await call<PendingRegistrationView>('GET', path(typed.trim()))
  if (typed === code.value) render(found)
}

function render(found: PendingRegistrationView): void {
  shown = found
  const { verification_code, requested_at, expires_at } = found
  byId('approve-registration', HTMLElement).replaceChildren(
    ...definitions([
      ['Verification code', [element('code', {}, verification_code)]],
      ['Name', [truncatedName(nameOf(found))]],
      ['Redirects to', redirectHosts(found.metadata)],
      ['Owner', ownerCell(found)],
      ['Registered by', registrationMethod(found)],
      ['Requested', [time(requested_at)]],
      ['Expires', [time(expires_at)]],
      ['Decision', found.decision && [found.decision.outcome]],
    ]),
  )
  byId('approve-metadata', HTMLElement).replaceChildren(...definitions(metadata(found.metadata)))
  decision.hidden = found.decision !== undefined
  body.hidden = false
}

const nameOf = ({ metadata: { client_name } }: PendingRegistrationView): string =>
  client_name ?? 'A client without a name'

const questions = {
  approve: {
    heading: 'Approve this registration?',
    consequence: 'Does the client show this code? It is registered when it asks next.',
    action: 'Approve',
    said: 'Approved: the client is registered when it asks next.',
  },
  reject: {
    heading: 'Reject this registration?',
    consequence: 'The client is not registered, and learns that when it asks next.',
    action: 'Reject',
    said: 'Rejected: the client is not registered.',
  },
} as const

async function decide(choice: keyof typeof questions): Promise<string | undefined> {
  if (shown === undefined) return undefined
  const { verification_code, metadata: members } = shown
  const { heading, consequence, action, said } = questions[choice]
  const lines = [
    truncatedName(nameOf(shown)),
    element('code', {}, verification_code),
    element('span', {}, ...redirectHosts(members)),
    consequence,
  ]
  if (!(await confirmed({ heading, lines, action }))) return undefined
  const reason = note.value.trim()
  const request = { decision: choice, ...(reason !== '' && { note: reason }) }
  const url = `${path(verification_code)}/approval`
  render(await call<PendingRegistrationView>('POST', url, request))
  return said
}

onSubmit(byId('approve-form', HTMLFormElement), load)
for (const choice of ['approve', 'reject'] as const)
  onPress(byId(`approve-${choice}`, HTMLElement), () => decide(choice))
