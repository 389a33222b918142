import { OAuthError } from '../errors.ts'
import { looksLikeJwt, verifyAccessToken } from '../jwt/access-token.ts'
import { UntrustedJwt } from '../jwt/trusted-issuers.ts'
import type { Server } from '../server.ts'

/**
 * Lets the operator in: by the master token, or an access token of a configured issuer with the admin scope. `now` in
 * Unix seconds. Throws OAuthError `missing_token`, `invalid_token`, `insufficient_scope`, `temporarily_unavailable`.
 */
export async function requireOperator(
  bearer: string | undefined,
  now: number,
  server: Server,
): Promise<void> {
  if (bearer === undefined) throw new OAuthError('missing_token', 'the master token is required')
  const { accessTokenIssuers, adminScope } = server.settings
  if (looksLikeJwt(bearer) && accessTokenIssuers.length > 0)
    return requireAdminScope(await scopeOf(bearer, now, server), adminScope)
  if (!(await server.isMasterToken(bearer))) throw invalidOperator()
}

async function scopeOf(bearer: string, now: number, { trust }: Server): Promise<string> {
  try {
    return (await verifyAccessToken(bearer, trust.accessTokens, now)).scope
  } catch (cause) {
    throw cause instanceof UntrustedJwt ? invalidOperator(cause) : cause
  }
}

function requireAdminScope(scope: string, adminScope: string): void {
  if (scope.split(' ').includes(adminScope)) return
  throw new OAuthError('insufficient_scope', 'the token lacks the admin scope', {
    scope: adminScope,
  })
}

const invalidOperator = (cause?: unknown) =>
  new OAuthError('invalid_token', 'the token is not an operator token', { cause })
