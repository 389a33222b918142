import { OAuthError } from '../errors.ts'
import type { Server } from '../server.ts'
import { isInitialAccessTokenId } from '../tokens/initial-access-token.ts'
import { requireOperator } from './require-operator.ts'

export type InitialAccessTokenRevocationRequest = {
  readonly bearer: string | undefined
  readonly id: string
  /** Unix seconds. */
  readonly now: number
}

/**
 * Revokes an initial access token by its id, for the operator; it stops working immediately.
 * Throws OAuthError `missing_token`, `invalid_token`, `not_found`.
 */
export async function revokeInitialAccessToken(
  { bearer, id, now }: InitialAccessTokenRevocationRequest,
  server: Server,
): Promise<void> {
  await requireOperator(bearer, now, server)
  const revoked = isInitialAccessTokenId(id) && (await server.initialAccessTokens.revoke(id))
  if (!revoked) throw new OAuthError('not_found', 'no such initial access token')
  server.annotate({ initial_access_token: id })
}
