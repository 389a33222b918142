import { generateWriteId } from '../client.ts'
import { OAuthError } from '../errors.ts'
import { type AccessToken, looksLikeJwt, verifyAccessToken } from '../jwt/access-token.ts'
import { InvalidJwtError } from '../jwt/trusted-issuers.ts'
import { omitUndefined } from '../omit-undefined.ts'
import type { RequestLogFields } from '../ports/request-log-fields.ts'
import type { Server } from '../server.ts'

type Ports = Pick<Server, 'settings' | 'trust' | 'isMasterToken' | 'clients' | 'annotate'>

/**
 * Authenticates the operator by the master token, or by an access token with the admin scope from
 * an issuer with `administers`, and logs the identity. `parse` validates the rest of the request
 * before a single-use token is consumed; resolves to its result. `now` in Unix seconds.
 * Throws OAuthError `missing_token`, `invalid_token`, `insufficient_scope`,
 * `temporarily_unavailable`, and the errors of `parse`.
 */
export async function requireOperator<Request = void>(
  bearer: string | undefined,
  now: number,
  server: Ports,
  parse?: () => Request | Promise<Request>,
): Promise<Request> {
  if (bearer === undefined) throw new OAuthError('missing_token', 'the master token is required')
  const token = await authenticateOperator(bearer, now, server)
  server.annotate(operatorLogFields(token))
  const request = await parse?.()
  if (token?.issuer.singleUse) await consume(token, server)
  return request as Request // void without `parse`
}

/** Returns the verified access token, or undefined for the master token. */
async function authenticateOperator(
  bearer: string,
  now: number,
  server: Ports,
): Promise<AccessToken | undefined> {
  const { accessTokenIssuers, adminScope } = server.settings
  if (looksLikeJwt(bearer) && accessTokenIssuers.some(({ administers }) => administers)) {
    const token = await verifyOperatorToken(bearer, now, server)
    if (!token.issuer.administers) throw invalidOperatorToken()
    requireAdminScope(token.scope, adminScope)
    return token
  }
  if (await server.isMasterToken(bearer)) return undefined
  throw invalidOperatorToken()
}

async function verifyOperatorToken(
  bearer: string,
  now: number,
  { trust }: Pick<Server, 'trust'>,
): Promise<AccessToken> {
  try {
    return await verifyAccessToken(bearer, trust.accessTokens, now)
  } catch (cause) {
    throw cause instanceof InvalidJwtError ? invalidOperatorToken(cause) : cause
  }
}

function requireAdminScope(scope: string, adminScope: string): void {
  if (scope.split(' ').includes(adminScope)) return
  throw new OAuthError('insufficient_scope', 'the token lacks the admin scope', {
    scope: adminScope,
  })
}

/** A single-use token is consumed by registration and administration alike. */
async function consume(token: AccessToken, { clients }: Pick<Server, 'clients'>): Promise<void> {
  if (!(await clients.markUsed(token, generateWriteId()))) throw invalidOperatorToken()
}

const operatorLogFields = (token: AccessToken | undefined): RequestLogFields =>
  token === undefined
    ? { operator: 'master token' }
    : omitUndefined({ operator: token.sub, operator_iss: token.issuer.issuer })

const invalidOperatorToken = (cause?: unknown) =>
  new OAuthError('invalid_token', 'the token is not an operator token', { cause })
