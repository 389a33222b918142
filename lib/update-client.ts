import { drawWriteId, needsClientSecret, type RegisteredClient } from './client.ts'
import {
  type ClientInformationResponse,
  clientInformationResponse,
  storedClientSecret,
} from './client-information-response.ts'
import { OAuthError } from './errors.ts'
import type { ClientMetadata } from './metadata/client-metadata.ts'
import { type JsonObject, parseClientMetadata } from './metadata/parse-client-metadata.ts'
import type { Server } from './server.ts'
import { issueClientSecret, type StoredClientSecret } from './tokens/client-secret.ts'
import {
  currentToken,
  invalidRegistrationAccessToken,
  requireRegistrationAccessToken,
} from './tokens/current-token.ts'
import { deriveSuccessor } from './tokens/registration-access-token.ts'
import { digestOf, hasDigest } from './tokens/token.ts'

export type ClientUpdateRequest = {
  readonly bearer: string | undefined
  readonly client_id: string
  readonly body: JsonObject
  /** Unix seconds. */
  readonly now: number
}

/** How often an update is tried again on a client that others are updating at the same time. */
const attempts = 8

/**
 * RFC 7592 §2.2 Client Update Request: replaces all metadata, rotates the token where updating rotates it.
 * A refused request changes nothing. Throws OAuthError `missing_token`, `invalid_token`, what metadata refuses, and
 * `temporarily_unavailable`.
 */
export async function updateClient(
  { bearer, client_id, body, now }: ClientUpdateRequest,
  server: Server,
): Promise<ClientInformationResponse> {
  const { settings, keyRing, clients } = server
  const presented = requireRegistrationAccessToken(bearer, client_id)
  const write_id = drawWriteId()
  let standing = await clients.find(client_id)
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const token = await currentToken(standing, presented, now, server)
    if (standing === undefined || token === undefined) throw invalidRegistrationAccessToken()
    const metadata = parseUpdate(body, standing, server)
    const secret = await clientSecretFor(metadata, standing, now, server)
    // Inside the reuse window the previous token counts as the current one, and rotates nothing.
    const rotates =
      settings.registrationAccessToken.rotateOn.includes('update') && token === presented
    const successor = rotates
      ? await deriveSuccessor(client_id, token, settings.registrationAccessToken, keyRing, now)
      : undefined
    const replaced = await clients.replace(
      client_id,
      { token_digest: digestOf(token), now, version: standing.version },
      { metadata, secret: secret?.stored, successor: successor?.stored, write_id },
    )
    if (replaced.outcome === 'written') {
      const client_secret =
        secret?.client_secret ?? (await storedClientSecret(replaced.client, server))
      const credentials = { client_secret, registration_access_token: successor?.token ?? token }
      return clientInformationResponse(replaced.client, credentials, server, now)
    }
    standing = replaced.standing
  }
  throw new OAuthError(
    'temporarily_unavailable',
    'the client is being updated by others; try again',
  )
}

/** RFC 7592 §2.2: "The client MUST NOT include" these. */
const forbidden = [
  'registration_access_token',
  'registration_client_uri',
  'client_secret_expires_at',
  'client_id_issued_at',
]

function parseUpdate(
  body: JsonObject,
  client: RegisteredClient,
  { settings }: Server,
): ClientMetadata {
  const refuse = (description: string) => new OAuthError('invalid_client_metadata', description)
  for (const member of forbidden)
    if (Object.hasOwn(body, member)) throw refuse(`${member}: must not be sent in an update`)
  // "The client MUST include its 'client_id' field in the request, and it MUST be the same as its currently issued client identifier."
  if (body.client_id !== client.client_id)
    throw refuse('client_id: expected the client_id of this client')
  // "If the client includes the 'client_secret' field in the request, the value of this field MUST match the currently issued client secret."
  const sent = body.client_secret ?? undefined
  const matches =
    typeof sent === 'string' &&
    client.secret_digest !== undefined &&
    hasDigest(sent, client.secret_digest)
  if (sent !== undefined && !matches)
    throw refuse('client_secret: expected the currently issued one, or none')
  const withoutEmpty = Object.entries(body).filter(([, value]) => value !== '')
  return parseClientMetadata(Object.fromEntries(withoutEmpty), settings, {
    mayHaveNoGrants: client.metadata.grant_types.length === 0,
  })
}

type UpdatedSecret = { readonly stored: StoredClientSecret; readonly client_secret?: string }

/** Keeps the secret while the client needs it and it is unexpired; else issues one, or none to a client that needs none. */
async function clientSecretFor(
  metadata: ClientMetadata,
  { secret_digest, secret_jwe, client_secret_expires_at = 0 }: RegisteredClient,
  now: number,
  { settings, keyRing }: Server,
): Promise<UpdatedSecret | undefined> {
  if (!needsClientSecret(metadata)) return undefined
  const expired = client_secret_expires_at !== 0 && client_secret_expires_at <= now
  if (secret_digest === undefined || expired)
    return issueClientSecret(settings.clientSecret, keyRing, now)
  return {
    stored: {
      secret_digest,
      client_secret_expires_at,
      ...(secret_jwe !== undefined && { secret_jwe }),
    },
  }
}
