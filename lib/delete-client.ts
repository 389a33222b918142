import { authenticateClient, checkBeforeWrite } from './authenticate-client.ts'
import { clientLogFields } from './ports/request-log-fields.ts'
import type { ClientReadRequest } from './read-client.ts'
import type { Server } from './server.ts'
import {
  invalidRegistrationAccessToken,
  requireRegistrationAccessToken,
} from './tokens/current-token.ts'
import { sha256 } from './tokens/token.ts'

/**
 * RFC 7592 §2.3 Client Delete Request. If the client no longer exists and an earlier attempt of
 * this request had an ambiguous result, that attempt is taken to have deleted it.
 * Throws OAuthError `missing_token`, `invalid_token`, `temporarily_unavailable`.
 */
export async function deleteClient(
  { bearer, client_id, now }: ClientReadRequest,
  server: Server,
): Promise<void> {
  const presented = await requireRegistrationAccessToken(bearer, client_id, server)
  await checkBeforeWrite(client_id, presented, now, server)
  const removed = await server.clients.delete(client_id, { token_digest: sha256(presented), now })
  if (removed.outcome === 'removed') return server.annotate(clientLogFields(removed.client))
  const { token } = await authenticateClient(removed.current, presented, now, server)
  const again = await server.clients.delete(client_id, { token_digest: sha256(token), now })
  if (again.outcome === 'rejected') throw invalidRegistrationAccessToken()
}
