import { OAuthError } from '../errors.ts'
import type { Server } from '../server.ts'

/** Throws OAuthError `missing_token` or `invalid_token` unless the bearer is the operator's. */
export async function requireOperator(bearer: string | undefined, server: Server): Promise<void> {
  if (bearer === undefined) throw new OAuthError('missing_token', 'the master token is required')
  if (!(await server.isMasterToken(bearer)))
    throw new OAuthError('invalid_token', 'the token is not the master token')
}
