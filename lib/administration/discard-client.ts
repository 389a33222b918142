import { requireOperator } from '../admission/require-operator.ts'
import { aboutClient } from '../notes.ts'
import type { Server } from '../server.ts'
import { type AdministrationRequest, mayBeClientId, noSuchClient } from './show-client.ts'

/** Deletes a client for the operator. Throws OAuthError as `requireOperator` does, and `not_found`. */
export async function discardClient(
  { bearer, client_id, now }: AdministrationRequest,
  server: Server,
): Promise<void> {
  await requireOperator(bearer, now, server)
  const removed = mayBeClientId(client_id) ? await server.directory.remove(client_id) : undefined
  if (removed === undefined) throw noSuchClient()
  server.note(aboutClient(removed))
}
