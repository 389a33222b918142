import { type Authenticated, authenticateClient, concurrentUpdate } from './authenticate-client.ts'
import { usedAt } from './clean-up/own-use.ts'
import {
  generateWriteId,
  needsClientSecret,
  type RegisteredClient,
  usesSecretAsKey,
} from './client.ts'
import {
  type ClientInformationResponse,
  type Credentials,
  clientInformationResponse,
  storedClientSecret,
} from './client-information-response.ts'
import { OAuthError } from './errors.ts'
import type { JsonObject } from './json.ts'
import type { SignedRequest } from './jwt/signed-request.ts'
import type { ClientMetadata } from './metadata/client-metadata.ts'
import { permitUpdate } from './permission/permit-update.ts'
import type { Server } from './server.ts'
import { requireChangingToken } from './sharing/require-changing-token.ts'
import {
  issueClientSecret,
  moveToClientSecretKeyRing,
  type StoredClientSecret,
} from './tokens/client-secret.ts'
import {
  deriveSuccessor,
  type RegistrationAccessToken,
  type Successor,
} from './tokens/registration-access-token.ts'
import { sha256 } from './tokens/token.ts'

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

/**
 * RFC 7592 §2.2 Client Update Request: replaces all metadata, and rotates the token if `rotateOn`
 * includes `update`. A rejected request changes nothing.
 * Throws OAuthError like `requireChangingToken`, `temporarily_unavailable`, and the errors of
 * policies and metadata validation.
 */
export async function updateClient(
  request: ClientUpdateRequest,
  server: Server,
): Promise<ClientInformationResponse> {
  const { client_id, now } = request
  const presented = await requireChangingToken(request, server)
  const stored = await server.clients.find(client_id)
  const current = await authenticateClient(stored, presented, now, server)
  const { client, credentials } = await replaceWithRetry(request, presented, current, server)
  return clientInformationResponse(client, credentials, server, now)
}

/** Maximum attempts of an update that conflicts with concurrent updates. */
const maxAttempts = 8

/** Replaces the registration; after a concurrent update, starts again from what that stored. */
async function replaceWithRetry(
  request: ClientUpdateRequest,
  presented: RegistrationAccessToken,
  found: Authenticated,
  server: Server,
): Promise<{ readonly client: RegisteredClient; readonly credentials: Credentials }> {
  const { client_id, replay, now } = request
  const { clients, annotate } = server
  const write_id = generateWriteId()
  let current = found
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const { client, token } = current
    // Validate against the version being replaced, so that a concurrent removal is not undone.
    const { metadata, policyResult } = await permitUpdate(request, client, server)
    const secret = await clientSecretFor(metadata, client, now, server)
    // Within the reuse window the previous token is accepted, but does not rotate again.
    const successor =
      token === presented ? await successorOf(client_id, token, now, server) : undefined
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
        used_at: usedAt(client, now, server.settings),
        write_id,
      },
    )
    if (replaced.outcome === 'written') {
      if (successor) annotate({ rotated: true })
      if (client.stale_at !== undefined) annotate({ revived: true })
      const client_secret =
        secret?.client_secret ?? (await storedClientSecret(replaced.client, server))
      const registration_access_token = successor?.token ?? token
      return { client: replaced.client, credentials: { client_secret, registration_access_token } }
    }
    if (replaced.current !== undefined) annotate({ conflict: true })
    const { ambiguous } = replaced
    current = await authenticateClient(replaced.current, presented, now, server, ambiguous)
  }
  throw concurrentUpdate()
}

/** The token's successor; undefined if an update does not rotate it. */
async function successorOf(
  client_id: string,
  token: RegistrationAccessToken,
  now: number,
  { settings, keyRing }: Pick<Server, 'settings' | 'keyRing'>,
): Promise<Successor | undefined> {
  const { registrationAccessToken } = settings
  return registrationAccessToken.rotateOn.includes('update')
    ? deriveSuccessor(client_id, token, registrationAccessToken, keyRing, now)
    : undefined
}

type UpdatedSecret = { readonly stored: StoredClientSecret; readonly client_secret?: string }

/**
 * Keeps an unexpired secret, issues a new one if needed, or drops it if the client needs none. A
 * secret of which only the digest is stored cannot become a key: RFC 7592 §2.2 allows to replace it.
 */
async function clientSecretFor(
  metadata: ClientMetadata,
  { client_id, secret_digest, secret_jwe, client_secret_expires_at = 0 }: RegisteredClient,
  now: number,
  server: Pick<Server, 'settings' | 'keyRing' | 'clientSecretKeyRing' | 'generators'>,
): Promise<UpdatedSecret | undefined> {
  if (!needsClientSecret(metadata)) return undefined
  const expired = client_secret_expires_at !== 0 && client_secret_expires_at <= now
  const unusable = usesSecretAsKey(metadata) && secret_jwe === undefined
  if (secret_digest === undefined || expired || unusable)
    return issueClientSecret(
      client_id,
      server.settings.clientSecret,
      server.generators.clientSecret,
      server.clientSecretKeyRing,
      now,
    )
  return {
    stored: {
      secret_digest,
      client_secret_expires_at,
      secret_jwe: secret_jwe && (await moved(client_id, secret_jwe, server)),
    },
  }
}

/** A secret that cannot be decrypted stays as it is: reading it for the response warns of it. */
async function moved(
  client_id: string,
  secret_jwe: string,
  server: Pick<Server, 'keyRing' | 'clientSecretKeyRing'>,
): Promise<string> {
  return moveToClientSecretKeyRing(client_id, secret_jwe, server).catch(() => secret_jwe)
}
