import { generateWriteId } from '../client.ts'
import { OAuthError } from '../errors.ts'
import {
  type AccessToken,
  type AccessTokenIssuer,
  looksLikeJwt,
  verifyAccessToken,
} from '../jwt/access-token.ts'
import { InvalidJwtError } from '../jwt/trusted-issuers.ts'
import { omitUndefined } from '../omit-undefined.ts'
import type { RequestLogFields } from '../ports/request-log-fields.ts'
import type { Server } from '../server.ts'
import type { Settings } from '../settings/schema.ts'

type Ports = Pick<Server, 'settings' | 'trust' | 'isMasterToken' | 'clients' | 'annotate'>

/** What a request needs: to administer, or only to read a client. Who may administer may read. */
type Right = 'admin' | 'read'

/**
 * Authenticates the operator by the master token, or by an access token with the admin scope from
 * an issuer with `administers`, and logs the identity. `parse` validates the rest of the request
 * before a single-use token is consumed; resolves to its result. `now` in Unix seconds.
 * Throws OAuthError `missing_token`, `invalid_token`, `insufficient_scope`,
 * `temporarily_unavailable`, and the errors of `parse`.
 */
export const requireOperator = requireRight('admin')

/**
 * Authenticates who may read clients: the operator, or an access token with the read scope from an
 * issuer with `reads` or `administers`. Otherwise like `requireOperator`.
 */
export const requireReader = requireRight('read')

function requireRight(right: Right) {
  return async <Request = void>(
    bearer: string | undefined,
    now: number,
    server: Ports,
    parse?: () => Request | Promise<Request>,
  ): Promise<Request> => {
    if (bearer === undefined) throw new OAuthError('missing_token', 'the master token is required')
    const token = await authenticate(bearer, right, now, server)
    server.annotate(operatorLogFields(token))
    const request = await parse?.()
    if (token?.issuer.singleUse) await consume(token, server)
    return request as Request // void without `parse`
  }
}

/** Returns the verified access token, or undefined for the master token. */
async function authenticate(
  bearer: string,
  right: Right,
  now: number,
  server: Ports,
): Promise<AccessToken | undefined> {
  const { settings } = server
  if (looksLikeJwt(bearer) && settings.accessTokenIssuers.some(mayRead)) {
    const token = await verifyOperatorToken(bearer, now, server)
    requireScope(token, right, settings)
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

const mayRead = ({ administers, reads }: AccessTokenIssuer): boolean => administers || reads

function requireScope(
  { scope, issuer }: AccessToken,
  right: Right,
  { adminScope, readScope }: Settings,
): void {
  if (!mayRead(issuer)) throw invalidOperatorToken()
  const scopes = scope.split(' ')
  if (issuer.administers && scopes.includes(adminScope)) return
  if (right === 'read' && scopes.includes(readScope)) return
  const required = { admin: adminScope, read: readScope }[right]
  // The token has the admin scope, but its issuer may not grant it.
  if (scopes.includes(required)) throw invalidOperatorToken()
  throw new OAuthError('insufficient_scope', `the token lacks the ${right} scope`, {
    scope: required,
  })
}

/** A single-use token is consumed by a registration, an operator's request or a read. */
async function consume(token: AccessToken, { clients }: Pick<Server, 'clients'>): Promise<void> {
  if (!(await clients.markUsed(token, generateWriteId()))) throw invalidOperatorToken()
}

const operatorLogFields = (token: AccessToken | undefined): RequestLogFields =>
  token === undefined
    ? { operator: 'master token' }
    : omitUndefined({ operator: token.sub, operator_iss: token.issuer.issuer })

const invalidOperatorToken = (cause?: unknown) =>
  new OAuthError('invalid_token', 'the token is not an operator token', { cause })
