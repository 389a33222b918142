import { type Authenticated, authenticateClient, checkBeforeWrite } from './authenticate-client.ts'
import { reviveByUse, usedAt } from './clean-up/own-use.ts'
import { generateWriteId } from './client.ts'
import type { ClientConfigurationRequest } from './client-configuration-request.ts'
import {
  type ClientInformationResponse,
  clientInformationResponse,
  storedClientSecret,
} from './client-information-response.ts'
import { omitUndefined } from './omit-undefined.ts'
import { clientLogFields } from './ports/request-log-fields.ts'
import type { Server } from './server.ts'
import { readSharedClient } from './sharing/read-shared-client.ts'
import { isSharedClientId } from './sharing/shared-client-id.ts'
import { requireRegistrationAccessToken } from './tokens/current-token.ts'
import {
  deriveSuccessor,
  type RegistrationAccessToken,
} from './tokens/registration-access-token.ts'
import { sha256 } from './tokens/token.ts'

/**
 * RFC 7592 §2.1 Client Read Request: returns the registered client, with a new registration access
 * token if `rotateOn` includes `read`. Revives a stale client.
 * Throws OAuthError `missing_token`, `invalid_token`, `temporarily_unavailable`.
 */
export async function readClient(
  { bearer, client_id, now }: ClientConfigurationRequest,
  server: Server,
): Promise<ClientInformationResponse> {
  const presented = await requireRegistrationAccessToken(bearer, client_id, server)
  if (isSharedClientId(client_id)) return readSharedClient(presented, { client_id, now }, server)
  const rotates = server.settings.registrationAccessToken.rotateOn.includes('read')
  const { client, token } = rotates
    ? await rotate(client_id, presented, now, server)
    : await authenticateClient(await server.clients.find(client_id), presented, now, server)
  if (client.stale_at !== undefined) await reviveByUse(client, now, server)
  const credentials = {
    client_secret: await storedClientSecret(client, server),
    registration_access_token: token,
  }
  return clientInformationResponse(client, credentials, server, now)
}

/** Rotates the token. Within the reuse window, returns the existing successor again. */
async function rotate(
  client_id: string,
  presented: RegistrationAccessToken,
  now: number,
  server: Server,
): Promise<Authenticated> {
  const { settings, keyRing, clients, annotate } = server
  await checkBeforeWrite(client_id, presented, now, server)
  const successor = await deriveSuccessor(
    client_id,
    presented,
    settings.registrationAccessToken,
    keyRing,
    now,
  )
  const condition = { token_digest: sha256(presented), now }
  const stored = { ...successor.stored, ...omitUndefined({ used_at: usedAt({}, now, settings) }) }
  const rotated = await clients.rotate(client_id, condition, stored, generateWriteId())
  if (rotated.outcome === 'written') {
    annotate({ ...clientLogFields(rotated.client), rotated: true })
    return { client: rotated.client, token: successor.token }
  }
  return authenticateClient(rotated.current, presented, now, server, rotated.ambiguous)
}
