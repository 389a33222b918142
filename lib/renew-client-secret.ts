import { authenticateClient } from './authenticate-client.ts'
import type { ClientConfigurationRequest } from './client-configuration-request.ts'
import {
  type ClientInformationResponse,
  clientInformationResponse,
} from './client-information-response.ts'
import { renewSecret, requireClientSecret } from './renew-secret.ts'
import { replaceClient } from './replace-client.ts'
import type { Server } from './server.ts'
import { requireChangingToken } from './sharing/require-changing-token.ts'

/**
 * (Ours) replaces the client's secret, as RFC 7592 §2.2 lets a server do. The previous secret stays
 * valid for `clientSecret.overlap` seconds. Until then, a repeated renewal changes nothing and
 * returns the same secret. The registration access token stays, so that a lost response strands
 * nobody.
 * Throws OAuthError like `updateClient`, and `invalid_request` for a client without a secret.
 */
export async function renewClientSecret(
  request: ClientConfigurationRequest,
  server: Server,
): Promise<ClientInformationResponse> {
  const { client_id, now } = request
  const presented = await requireChangingToken(request, server)
  const stored = await server.clients.find(client_id)
  const found = await authenticateClient(stored, presented, now, server)
  const seen = requireClientSecret(found.client)
  const { overlap } = server.settings.clientSecret
  const { client, credentials } = await replaceClient(
    { ...request, rotates: false },
    presented,
    found,
    async (current) => {
      const { metadata, policies } = current
      const renewed = await renewSecret(current, { seen, overlap, now }, server)
      return (
        renewed && {
          metadata,
          policies,
          secret: renewed.stored,
          client_secret: renewed.client_secret,
        }
      )
    },
    server,
  )
  return clientInformationResponse(client, credentials, server, now)
}
