import type { ClientConfigurationRequest } from '../client-configuration-request.ts'
import { OAuthError } from '../errors.ts'
import type { Server } from '../server.ts'
import {
  invalidRegistrationAccessToken,
  requireRegistrationAccessToken,
} from '../tokens/current-token.ts'
import { verifyReadOnlyToken } from '../tokens/read-only-token.ts'
import type { RegistrationAccessToken } from '../tokens/registration-access-token.ts'
import { isSharedClientId } from './shared-client-id.ts'

/**
 * Checks the bearer token of an update or a deletion without a database read. Nobody changes a
 * shared client: the first to register could otherwise send the others' codes elsewhere.
 * Throws OAuthError like `requireRegistrationAccessToken`, and `insufficient_scope` for the token of
 * a shared client.
 */
export async function requireChangingToken(
  { bearer, client_id, now }: ClientConfigurationRequest,
  server: Pick<Server, 'settings' | 'keyRing'>,
): Promise<RegistrationAccessToken> {
  const token = await requireRegistrationAccessToken(bearer, client_id, server)
  if (!isSharedClientId(client_id)) return token
  const stated = await verifyReadOnlyToken(client_id, token, server.keyRing, now)
  if (stated === undefined) throw invalidRegistrationAccessToken()
  throw new OAuthError(
    'insufficient_scope',
    'the token of a shared client only reads it; to change the metadata, register again',
  )
}
