import { clientLogFields } from '../ports/request-log-fields.ts'
import type { Server } from '../server.ts'
import { isClientId } from '../tokens/client-id.ts'
import { type AdministrationRequest, clientNotFound } from './get-client.ts'
import { requireOperator } from './require-operator.ts'

/** Deletes a client for the operator. Throws OAuthError like `requireOperator`, and `not_found`. */
export async function deleteClientAdmin(
  { bearer, client_id, now }: AdministrationRequest,
  server: Server,
): Promise<void> {
  await requireOperator(bearer, now, server)
  const removed = isClientId(client_id) ? await server.clientAdmin.delete(client_id) : undefined
  if (removed === undefined) throw clientNotFound()
  server.annotate(clientLogFields(removed))
}
