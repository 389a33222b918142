import type { AdminView } from '../../../lib/operator/admin-view.ts'
import type { ReissueResponse } from '../../../lib/operator/reissue-registration-access-token.ts'
import { call, remove } from './api.ts'
import { displayName, whichClient } from './client-name.ts'
import { listAddress, replaceListed } from './clients.ts'
import { confirmed, showOnce } from './dialogs.ts'
import { announce } from './feedback.ts'
import { currentRoute, navigateTo } from './router.ts'
import { truncatedName } from './untrusted-text.ts'

/** Path of the client, relative to the page. */
export const clientPath = ({ client_id }: AdminView): string =>
  `clients/${encodeURIComponent(client_id)}`

/**
 * Reissues a client's registration access token after confirmation. Returns false if the operator
 * cancels.
 */
export async function reissue(client: AdminView): Promise<boolean> {
  const sure = await confirmed({
    heading: 'Re-issue the registration access token?',
    lines: [...whichClient(client), 'The one that it has now ends at once.'],
    action: 'Re-issue',
  })
  if (!sure) return false
  const reissued = await call<ReissueResponse>(
    'POST',
    `${clientPath(client)}/registration-access-token`,
  )
  await showOnce({
    heading: 'Registration access token',
    text: `It is shown only once. Give it to the client, which uses it at ${reissued.registration_client_uri}.`,
    value: reissued.registration_access_token,
  })
  return true
}

/**
 * Deletes a client after confirmation, then returns to the list unless the operator has already
 * navigated elsewhere.
 */
export async function deleteClient(client: AdminView): Promise<void> {
  const from = currentRoute()
  const sure = await confirmed({
    heading: 'Delete this client?',
    lines: [
      ...whichClient(client),
      'Its record goes at once, with its secret and its registration access token. This cannot be undone; disabling can.',
    ],
    action: 'Delete',
  })
  if (!sure) return
  await remove(clientPath(client))
  replaceListed(client.client_id)
  if (currentRoute() !== from) return
  await navigateTo(listAddress())
  announce(['Deleted ', truncatedName(displayName(client)), '.'])
}
