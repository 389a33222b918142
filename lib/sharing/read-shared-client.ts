import { awaitsApproval } from '../authenticate-client.ts'
import { reviveByUse } from '../clean-up/own-use.ts'
import {
  type ClientInformationResponse,
  clientInformationResponse,
} from '../client-information-response.ts'
import { clientLogFields } from '../ports/request-log-fields.ts'
import type { Server } from '../server.ts'
import { invalidRegistrationAccessToken } from '../tokens/current-token.ts'
import { verifyReadOnlyToken } from '../tokens/read-only-token.ts'
import type { RegistrationAccessToken } from '../tokens/registration-access-token.ts'

type Request = {
  readonly client_id: string
  /** Unix seconds. */
  readonly now: number
}

/**
 * RFC 7592 §2.1 for a shared client: one read, and never a rotation. Revives a stale client. The
 * token ends with the client for which it was issued, also if the same metadata are registered
 * again.
 * Throws OAuthError `invalid_token`, `unapproved_client`, `temporarily_unavailable`.
 */
export async function readSharedClient(
  token: RegistrationAccessToken,
  { client_id, now }: Request,
  server: Server,
): Promise<ClientInformationResponse> {
  const stated = await verifyReadOnlyToken(client_id, token, server.keyRing, now)
  if (stated === undefined) throw invalidRegistrationAccessToken()
  const client = await server.clients.find(client_id)
  if (client !== undefined) server.annotate(clientLogFields(client))
  if (client?.client_id_issued_at !== stated.client_id_issued_at)
    throw invalidRegistrationAccessToken()
  if (client.pending_at !== undefined) throw awaitsApproval()
  if (client.disabled_at !== undefined) throw invalidRegistrationAccessToken()
  if (client.stale_at !== undefined) await reviveByUse(client, now, server)
  const credentials = { client_secret: undefined, registration_access_token: token }
  return clientInformationResponse({ ...client, ...stated }, credentials, server, now)
}
