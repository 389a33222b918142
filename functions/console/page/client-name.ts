import type { AdminView } from '../../../lib/operator/admin-view.ts'
import { type Child, element } from './elements.ts'
import { truncatedName } from './untrusted-text.ts'

/** The `client_name` if it has a visible character, otherwise the client_id. */
export const displayName = ({ client_id, metadata }: AdminView): string =>
  typeof metadata.client_name === 'string' && /[\p{L}\p{N}\p{P}\p{S}]/u.test(metadata.client_name)
    ? metadata.client_name
    : client_id

/**
 * Identifies a client in a confirmation dialog: by its name, which the client chose itself, and by
 * its client_id, which only this service assigns.
 */
export const whichClient = (client: AdminView): readonly Child[] => [
  ...(displayName(client) === client.client_id ? [] : [truncatedName(displayName(client))]),
  element('code', {}, client.client_id),
]
