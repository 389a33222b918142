import { authenticateClient } from './authenticate-client.ts'
import { needsClientSecret, type RegisteredClient, usesSecretAsKey } from './client.ts'
import type { ClientConfigurationRequest } from './client-configuration-request.ts'
import {
  type ClientInformationResponse,
  clientInformationResponse,
} from './client-information-response.ts'
import type { RegistrationBody } from './jwt/signed-request.ts'
import type { ClientMetadata } from './metadata/client-metadata.ts'
import { dropOmitted } from './metadata/omitted.ts'
import { permitUpdate } from './permission/permit-update.ts'
import type { ClientSecrets } from './ports/client-store.ts'
import { previousSecret } from './renew-secret.ts'
import { type Replacement, replaceClient } from './replace-client.ts'
import type { Server } from './server.ts'
import { requireChangingToken } from './sharing/require-changing-token.ts'
import {
  isSecretExpired,
  issueClientSecret,
  moveToClientSecretKeyRing,
} from './tokens/client-secret.ts'

type ClientUpdateRequest = ClientConfigurationRequest & RegistrationBody

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
  const rotates = server.settings.registrationAccessToken.rotateOn.includes('update')
  const { client, credentials } = await replaceClient(
    { ...request, rotates },
    presented,
    current,
    (replaced) => replacementFor(request, replaced, server),
    server,
  )
  return clientInformationResponse(client, credentials, server, now)
}

/** Validates the update against the version that it replaces. */
async function replacementFor(
  request: ClientUpdateRequest,
  client: RegisteredClient,
  server: Server,
): Promise<Replacement> {
  const { metadata, policyResult } = await permitUpdate(request, client, server)
  const secret = await clientSecretFor(request, metadata, client, server)
  const policies = policyResult.policies ?? client.policies
  return { metadata, policies, secret: secret?.stored, client_secret: secret?.client_secret }
}

type UpdatedSecret = {
  readonly stored: ClientSecrets
  /** In plaintext, where it is known. */
  readonly client_secret?: string | undefined
}

/**
 * Keeps an unexpired secret, issues a new one if needed, or drops it if the client needs none. A
 * secret of which only the digest is stored cannot become a key: RFC 7592 §2.2 allows to replace it.
 * A secret that the client sent is the current one.
 */
async function clientSecretFor(
  { body, now }: ClientUpdateRequest,
  metadata: ClientMetadata,
  client: RegisteredClient,
  server: Pick<Server, 'settings' | 'keyRing' | 'clientSecretKeyRing' | 'generators'>,
): Promise<UpdatedSecret | undefined> {
  if (!needsClientSecret(metadata)) return undefined
  const { client_id, secret_digest, secret_jwe, client_secret_expires_at = 0 } = client
  const unusable = usesSecretAsKey(metadata) && secret_jwe === undefined
  if (secret_digest === undefined || isSecretExpired(client, now) || unusable)
    return issueClientSecret(
      client_id,
      server.settings.clientSecret,
      server.generators.clientSecret,
      server.clientSecretKeyRing,
      now,
    )
  const { client_secret } = dropOmitted(body)
  const sent = typeof client_secret === 'string' ? client_secret : undefined
  return {
    stored: {
      secret_digest,
      client_secret_expires_at,
      // A secret that the client did not send and that cannot be decrypted stays as it is: reading
      // it for the response warns of it.
      secret_jwe:
        secret_jwe &&
        (await moveToClientSecretKeyRing(client_id, secret_jwe, server, sent).catch(
          () => secret_jwe,
        )),
      ...previousSecret(client, now),
    },
    client_secret: secret_jwe && sent,
  }
}
