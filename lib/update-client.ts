import { authenticateClient } from './authenticate-client.ts'
import { generateWriteId, needsClientSecret, type RegisteredClient } from './client.ts'
import {
  type ClientInformationResponse,
  clientInformationResponse,
  storedClientSecret,
} from './client-information-response.ts'
import { OAuthError } from './errors.ts'
import type { SignedRequest } from './jwt/signed-request.ts'
import type { ClientMetadata } from './metadata/client-metadata.ts'
import { dropOmitted } from './metadata/omitted.ts'
import type { JsonObject } from './metadata/parse-client-metadata.ts'
import { heldAnonymously } from './permission/anonymous-clients.ts'
import { type PermittedMetadata, permit } from './permission/permit.ts'
import type { Server } from './server.ts'
import { issueClientSecret, type StoredClientSecret } from './tokens/client-secret.ts'
import { requireRegistrationAccessToken } from './tokens/current-token.ts'
import { deriveSuccessor } from './tokens/registration-access-token.ts'
import { hasDigest, sha256 } from './tokens/token.ts'

export type ClientUpdateRequest = {
  readonly bearer: string | undefined
  readonly client_id: string
  readonly body: JsonObject
  /** Whether a configured issuer signed the body as a whole. */
  readonly signed?: boolean
  /** Replay key and expiry of a signed body. */
  readonly replay?: SignedRequest['replay']
  /** The software statement whose keys verified a signed body. */
  readonly statement?: SignedRequest['statement']
  /** Unix seconds. */
  readonly now: number
}

/** Maximum attempts of an update that conflicts with concurrent updates. */
const maxAttempts = 8

/**
 * RFC 7592 §2.2 Client Update Request: replaces all metadata, and rotates the token if `rotateOn`
 * includes `update`. A rejected request changes nothing.
 * Throws OAuthError `missing_token`, `invalid_token`, `temporarily_unavailable`, and the errors of
 * policies and metadata validation.
 */
export async function updateClient(
  request: ClientUpdateRequest,
  server: Server,
): Promise<ClientInformationResponse> {
  const { bearer, client_id, replay, now } = request
  const { settings, keyRing, clients, annotate } = server
  const presented = await requireRegistrationAccessToken(bearer, client_id, server)
  const write_id = generateWriteId()
  let current = await authenticateClient(await clients.find(client_id), presented, now, server)

  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const { client, token } = current
    // Validate against the version being replaced, so that a concurrent removal is not undone.
    const { metadata, policyResult } = await permitUpdate(request, client, server)
    const secret = await clientSecretFor(metadata, client, now, server)
    // Within the reuse window the previous token is accepted, but does not rotate again.
    const rotates =
      settings.registrationAccessToken.rotateOn.includes('update') && token === presented
    const successor = rotates
      ? await deriveSuccessor(client_id, token, settings.registrationAccessToken, keyRing, now)
      : undefined
    // Mark the JWT as used after all other checks; otherwise the same request could not be retried.
    if (replay && attempt === 0 && !(await clients.markUsed(replay, write_id)))
      throw new OAuthError('invalid_request', 'the signed request has already been used (jti)')
    const replaced = await clients.replace(
      client_id,
      { token_digest: sha256(token), now, version: client.version },
      {
        metadata,
        secret: secret?.stored,
        successor: successor?.stored,
        policies: policyResult.policies ?? client.policies,
        write_id,
      },
    )
    if (replaced.outcome === 'written') {
      if (successor) annotate({ rotated: true })
      const client_secret =
        secret?.client_secret ?? (await storedClientSecret(replaced.client, server))
      const credentials = { client_secret, registration_access_token: successor?.token ?? token }
      return clientInformationResponse(replaced.client, credentials, server, now)
    }
    if (replaced.current !== undefined) annotate({ conflict: true })
    current = await authenticateClient(replaced.current, presented, now, server)
  }
  throw new OAuthError(
    'temporarily_unavailable',
    'the client is being updated concurrently; retry later',
  )
}

/** RFC 7592 §2.2: "The client MUST NOT include" these. */
const forbidden = [
  'registration_access_token',
  'registration_client_uri',
  'client_secret_expires_at',
  'client_id_issued_at',
]

/** Checks the identity members, then applies the registration rules within the client's lock. */
function permitUpdate(
  { body, signed = false, statement, now }: ClientUpdateRequest,
  client: RegisteredClient,
  server: Server,
): Promise<PermittedMetadata> {
  checkIdentityMembers(body, client)
  if (body.trusted === true && client.metadata.trusted !== true)
    throw new OAuthError(
      'insufficient_scope',
      'only a client that was registered as trusted stays so',
      {
        scope: server.settings.trustedRegistrationScope,
      },
    )
  const { client_id, iss, owner, initial_access_token, policies = [], lock = {} } = client
  const input = {
    operation: 'update',
    registration_method: 'registration_access_token',
    iss,
    owner,
    initial_access_token,
    client_id,
  } as const
  const allowEmptyGrantTypes = client.metadata.grant_types.length === 0
  const permission = {
    input,
    policies,
    lock,
    allowEmptyGrantTypes,
    statement,
    registeredStatement: client.metadata.software_statement,
    registeredScope: client.metadata.scope,
    anonymous: signed ? undefined : heldAnonymously(client, server.settings),
  }
  return permit(body, permission, now, server)
}

function checkIdentityMembers(body: JsonObject, client: RegisteredClient): void {
  const reject = (description: string) => new OAuthError('invalid_client_metadata', description)
  for (const member of forbidden)
    if (Object.hasOwn(body, member)) throw reject(`${member}: must not be sent in an update`)
  // "The client MUST include its 'client_id' field in the request, and it MUST be the same as its
  // currently issued client identifier."
  if (body.client_id !== client.client_id)
    throw reject('client_id: expected the client_id of this client')
  // "If the client includes the 'client_secret' field in the request, the value of this field MUST
  // match the currently issued client secret."
  const { client_secret: sent } = dropOmitted(body)
  const matches =
    typeof sent === 'string' &&
    client.secret_digest !== undefined &&
    hasDigest(sent, client.secret_digest)
  if (sent !== undefined && !matches)
    throw reject('client_secret: expected the currently issued one, or none')
}

type UpdatedSecret = { readonly stored: StoredClientSecret; readonly client_secret?: string }

/** Keeps an unexpired secret, issues a new one if needed, or drops it if the client needs none. */
async function clientSecretFor(
  metadata: ClientMetadata,
  { client_id, secret_digest, secret_jwe, client_secret_expires_at = 0 }: RegisteredClient,
  now: number,
  { settings, keyRing, generators }: Server,
): Promise<UpdatedSecret | undefined> {
  if (!needsClientSecret(metadata)) return undefined
  const expired = client_secret_expires_at !== 0 && client_secret_expires_at <= now
  if (secret_digest === undefined || expired)
    return issueClientSecret(
      client_id,
      settings.clientSecret,
      generators.clientSecret,
      keyRing,
      now,
    )
  return {
    stored: {
      secret_digest,
      client_secret_expires_at,
      ...(secret_jwe !== undefined && { secret_jwe }),
    },
  }
}
