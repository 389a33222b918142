import { OAuthError } from '../errors.ts'
import { clientLogFields } from '../ports/request-log-fields.ts'
import type { Server } from '../server.ts'
import { isClientId } from '../tokens/client-id.ts'
import { type AdminView, adminView } from './admin-view.ts'
import { requireReader } from './require-operator.ts'

export type AdministrationRequest = {
  readonly bearer: string | undefined
  readonly client_id: string
  /** Unix seconds. */
  readonly now: number
}

export const clientNotFound = () => new OAuthError('not_found', 'no such client')

/**
 * Returns a client to the operator, or to an authorization server that may read clients. Throws
 * OAuthError like `requireReader`, and `not_found`.
 */
export async function getClient(
  { bearer, client_id, now }: AdministrationRequest,
  server: Server,
): Promise<AdminView> {
  await requireReader(bearer, now, server)
  const client = isClientId(client_id) ? await server.clients.find(client_id) : undefined
  if (client === undefined) throw clientNotFound()
  server.annotate(clientLogFields(client))
  return adminView(client, server.settings)
}
