import type { AdminView } from '../../../lib/operator/admin-view.ts'
import { call } from './api.ts'
import { whichClient } from './client-name.ts'
import { confirmed } from './dialogs.ts'
import { byId, type Child, element } from './elements.ts'
import { redirectHosts } from './redirect-hosts.ts'

const card = byId('client-approval', HTMLElement)
const note = byId('approval-note', HTMLTextAreaElement)

/** Shows the form for a decision while the client awaits approval. */
export function showApproval({ pending_at }: AdminView): void {
  card.hidden = pending_at === undefined
}

export function clearApproval(): void {
  card.hidden = true
  note.value = ''
}

const questions = {
  approve: {
    heading: 'Approve this client?',
    consequence: 'It is enabled at once: it can send users to the hosts above.',
    action: 'Approve',
  },
  reject: {
    heading: 'Reject this client?',
    consequence: 'It stays disabled, and its registration access token is rejected.',
    action: 'Reject',
  },
} as const

/**
 * Sends the decision on the version on display, after confirmation. Returns undefined if the
 * operator cancels.
 */
export async function decide(
  client: AdminView,
  decision: keyof typeof questions,
): Promise<AdminView | undefined> {
  const { heading, consequence, action } = questions[decision]
  const hosts: readonly Child[] = redirectHosts(client.metadata)
  const lines = [...whichClient(client), element('span', {}, ...hosts), consequence]
  if (!(await confirmed({ heading, lines, action }))) return undefined
  const reason = note.value.trim()
  return call<AdminView>('POST', `clients/${encodeURIComponent(client.client_id)}/approval`, {
    decision,
    version: client.version,
    ...(reason !== '' && { note: reason }),
  })
}
