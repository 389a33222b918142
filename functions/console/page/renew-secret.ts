import type { AdminView } from '../../../lib/operator/admin-view.ts'
import type { SecretRenewalResponse } from '../../../lib/operator/renew-client-secret-admin.ts'
import { call } from './api.ts'
import { clientPath } from './client-actions.ts'
import { whichClient } from './client-name.ts'
import { confirmed, showOnce } from './dialogs.ts'
import { element, time } from './elements.ts'

/** When the previous secret stops working, with the `overlap` in seconds; by default that of the settings. */
const overlaps = [
  ['after the overlap in the settings'],
  ['immediately (after a leak)', 0],
  ['after an hour', 3_600],
  ['after a day', 86_400],
  ['after a week', 604_800],
] as const

/** Whether a client has a secret, which can be renewed. */
export const hasSecret = ({ client_secret_expires_at }: AdminView): boolean =>
  client_secret_expires_at !== undefined

/**
 * Renews a client's secret after confirmation, and shows it once. Returns false if the operator
 * cancels.
 */
export async function renewSecret(client: AdminView): Promise<boolean> {
  const choice = element(
    'select',
    { id: 'renew-overlap' },
    ...overlaps.map(([words, overlap = '']) =>
      element('option', { value: String(overlap) }, words),
    ),
  )
  const sure = await confirmed({
    heading: 'Renew the client secret?',
    lines: [
      ...whichClient(client),
      element('label', { for: choice.id }, 'The current secret stops working'),
      choice,
    ],
    action: 'Renew',
  })
  if (!sure) return false
  const renewed = await call<SecretRenewalResponse>(
    'POST',
    `${clientPath(client)}/client-secret`,
    choice.value === '' ? {} : { overlap: Number(choice.value) },
  )
  await showOnce({
    heading: 'Client secret',
    text: `It is shown only once. Give it to the client. ${previous(renewed)}`,
    value: renewed.client_secret,
  })
  return true
}

const previous = ({ previous_client_secret_expires_at: end }: SecretRenewalResponse): string =>
  end === undefined
    ? 'No earlier secret is valid.'
    : `The previous secret is valid until ${time(end).textContent}.`
