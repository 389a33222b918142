import { authenticateClient, checkBeforeWrite } from './authenticate-client.ts'
import type { ClientConfigurationRequest } from './client-configuration-request.ts'
import { clientLogFields } from './ports/request-log-fields.ts'
import type { Server } from './server.ts'
import { requireChangingToken } from './sharing/require-changing-token.ts'
import { invalidRegistrationAccessToken } from './tokens/current-token.ts'
import { sha256 } from './tokens/token.ts'

/**
 * RFC 7592 §2.3 Client Delete Request. If the client no longer exists and an earlier attempt of
 * this request had an ambiguous result, that attempt is taken to have deleted it.
 * Throws OAuthError like `requireChangingToken`, and `temporarily_unavailable`.
 */
export async function deleteClient(
  request: ClientConfigurationRequest,
  server: Server,
): Promise<void> {
  const { client_id, now } = request
  const presented = await requireChangingToken(request, server)
  await checkBeforeWrite(client_id, presented, now, server)
  const removed = await server.clients.delete(client_id, { token_digest: sha256(presented), now })
  if (removed.outcome === 'removed') return server.annotate(clientLogFields(removed.client))
  const { token } = await authenticateClient(removed.current, presented, now, server)
  const again = await server.clients.delete(client_id, { token_digest: sha256(token), now })
  if (again.outcome === 'rejected') throw invalidRegistrationAccessToken()
}
