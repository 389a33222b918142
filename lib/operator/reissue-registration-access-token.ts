import { clientConfigurationUri } from '../endpoint-urls.ts'
import { OAuthError } from '../errors.ts'
import { aliasedTokenLifetime } from '../permission/aliases.ts'
import { clientLogFields } from '../ports/request-log-fields.ts'
import type { Server } from '../server.ts'
import { isSharedClientId } from '../sharing/shared-client-id.ts'
import { isClientId } from '../tokens/client-id.ts'
import {
  generateRegistrationAccessToken,
  type RegistrationAccessToken,
  storedToken,
} from '../tokens/registration-access-token.ts'
import { type AdministrationRequest, clientNotFound } from './get-client.ts'
import { requireOperator } from './require-operator.ts'

export type ReissueResponse = {
  readonly client_id: string
  readonly registration_client_uri: string
  readonly registration_access_token: RegistrationAccessToken
  /** With settings.aliases: in seconds; omitted if the token never expires. */
  readonly registration_access_token_expires_in?: number
}

/**
 * Generates a new registration access token for a client that lost its own; all previous tokens
 * stop working. Throws OAuthError like `requireOperator` and the key ring, `not_found`, and
 * `invalid_request` for a shared client, which nobody may change.
 */
export async function reissueRegistrationAccessToken(
  { bearer, client_id, now }: AdministrationRequest,
  server: Server,
): Promise<ReissueResponse> {
  await requireOperator(bearer, now, server)
  if (!isClientId(client_id)) throw clientNotFound()
  if (isSharedClientId(client_id))
    throw new OAuthError(
      'invalid_request',
      'a shared client has no registration access token of its own; register again to get one that reads',
    )
  const token = await generateRegistrationAccessToken(client_id, server.keyRing)
  const stored = storedToken(token, server.settings.registrationAccessToken, now)
  const reissued = await server.clientAdmin.reissue(client_id, stored)
  if (reissued === undefined) throw clientNotFound()
  server.annotate(clientLogFields(reissued))
  return {
    client_id,
    registration_client_uri: clientConfigurationUri(client_id, server),
    registration_access_token: token,
    ...aliasedTokenLifetime(stored.token_expires_at, now, server.settings),
  }
}
