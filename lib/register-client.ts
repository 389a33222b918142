import { type Admission, admit, invalidInitialAccessToken } from './admission/admit.ts'
import { drawWriteId, needsClientSecret, type RegisteredClient } from './client.ts'
import {
  type ClientInformationResponse,
  type Credentials,
  clientInformationResponse,
} from './client-information-response.ts'
import { OAuthError } from './errors.ts'
import type { ClientMetadata } from './metadata/client-metadata.ts'
import { type JsonObject, parseClientMetadata } from './metadata/parse-client-metadata.ts'
import type { Server } from './server.ts'
import { drawClientId } from './tokens/client-id.ts'
import { issueClientSecret } from './tokens/client-secret.ts'
import { drawRegistrationAccessToken, storedToken } from './tokens/registration-access-token.ts'

export type ClientRegistrationRequest = {
  readonly bearer: string | undefined
  readonly body: JsonObject
  /** Unix seconds. */
  readonly now: number
}

/**
 * RFC 7591 §3 Client Registration Endpoint. A refused request stores nothing, and spends nothing but a token
 * that is consumed on the attempt. Throws OAuthError: what admission and metadata refuse,
 * `temporarily_unavailable` where database or keys cannot be had.
 */
export async function registerClient(
  { bearer, body, now }: ClientRegistrationRequest,
  server: Server,
): Promise<ClientInformationResponse> {
  const write_id = drawWriteId()
  const admission = await admit({ bearer, now, write_id }, server)
  const metadata = parseClientMetadata(body, server.settings, {
    mayHaveNoGrants: admission.by === 'operator',
  })
  const { client, credentials } = await issueClient(metadata, admission, { now, write_id }, server)

  const spending = admission.by === 'initial_access_token' ? admission.spending : undefined
  const outcome = await server.clients.create(client, spending)
  if (outcome === 'token_refused') throw invalidInitialAccessToken()
  if (outcome === 'exists') throw new OAuthError('server_error', 'the drawn client_id is taken')

  return clientInformationResponse(client, credentials, server, now)
}

/** Mints the client's identifier, secret and registration access token. */
async function issueClient(
  metadata: ClientMetadata,
  admission: Admission,
  { now, write_id }: { now: number; write_id: Uint8Array },
  { settings, keyRing }: Server,
): Promise<{ client: RegisteredClient; credentials: Credentials }> {
  const { registrationAccessToken } = settings
  const secret = needsClientSecret(metadata)
    ? await issueClientSecret(settings.clientSecret, keyRing, now)
    : undefined
  const token = registrationAccessToken.issue ? drawRegistrationAccessToken() : undefined
  const client = {
    client_id: drawClientId(),
    client_id_issued_at: now,
    metadata,
    ...secret?.stored,
    ...(token && storedToken(token, registrationAccessToken, now)),
    version: 1,
    write_id,
    ...provenance(admission),
  }
  return {
    client,
    credentials: { client_secret: secret?.client_secret, registration_access_token: token },
  }
}

/** With whose right, and with which token, the client was registered: kept for its life. */
function provenance(
  admission: Admission,
): Pick<RegisteredClient, 'owner' | 'initial_access_token'> {
  if (admission.by !== 'initial_access_token') return {}
  const { id, sub } = admission.token
  return { initial_access_token: id, ...(sub !== undefined && { owner: sub }) }
}
