import { OAuthError } from '../errors.ts'
import { type AccessToken, looksLikeJwt, verifyAccessToken } from '../jwt/access-token.ts'
import { UntrustedJwt } from '../jwt/trusted-issuers.ts'
import type { Notes } from '../notes.ts'
import type { Server } from '../server.ts'

/**
 * Lets the operator in, and notes who it is: by the master token, or an access token of a configured issuer with the
 * admin scope. `now` in Unix seconds. Throws OAuthError `missing_token`, `invalid_token`, `insufficient_scope`,
 * `temporarily_unavailable`.
 */
export async function requireOperator(
  bearer: string | undefined,
  now: number,
  server: Server,
): Promise<void> {
  if (bearer === undefined) throw new OAuthError('missing_token', 'the master token is required')
  server.note(await operatorOf(bearer, now, server))
}

async function operatorOf(bearer: string, now: number, server: Server): Promise<Notes> {
  const { accessTokenIssuers, adminScope } = server.settings
  if (looksLikeJwt(bearer) && accessTokenIssuers.length > 0) {
    const { sub, scope, issuer } = await verified(bearer, now, server)
    requireAdminScope(scope, adminScope)
    return { ...(sub !== undefined && { operator: sub }), operator_iss: issuer.issuer }
  }
  if (await server.isMasterToken(bearer)) return { operator: 'master token' }
  throw invalidOperator()
}

async function verified(bearer: string, now: number, { trust }: Server): Promise<AccessToken> {
  try {
    return await verifyAccessToken(bearer, trust.accessTokens, now)
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
