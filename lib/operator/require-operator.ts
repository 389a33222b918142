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

/**
 * What a request needs: to administer, or only to read clients, or only to report their use. Who
 * may administer may do both.
 */
type Right = 'admin' | 'read' | 'use'

/** The setting that names the scope of each right, and the issuers whose tokens may grant it. */
const rights = {
  admin: { scopeSetting: 'adminScope', mayGrant: ({ administers }) => administers },
  read: { scopeSetting: 'readScope', mayGrant: ({ administers, reads }) => administers || reads },
  use: {
    scopeSetting: 'useScope',
    mayGrant: ({ administers, reportsUse }) => administers || reportsUse,
  },
} as const satisfies Record<
  Right,
  { scopeSetting: keyof Settings; mayGrant: (issuer: AccessTokenIssuer) => boolean }
>

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

/**
 * Authenticates who may report that clients were used: the operator, or an access token with the
 * use scope from an issuer with `reportsUse` or `administers`. Otherwise like `requireOperator`.
 */
export const requireUseReporter = requireRight('use')

function requireRight(right: Right) {
  return async <Request = void>(
    bearer: string | undefined,
    now: number,
    server: Ports,
    parse?: (operator: OperatorIdentity) => Request | Promise<Request>,
  ): Promise<Request> => {
    if (bearer === undefined) throw new OAuthError('missing_token', 'the master token is required')
    const token = await authenticate(bearer, right, now, server)
    const operator = identityOf(token)
    server.annotate(operator)
    const request = await parse?.(operator)
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
  if (looksLikeJwt(bearer) && settings.accessTokenIssuers.some(mayGrantAny)) {
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

const mayGrantAny = (issuer: AccessTokenIssuer): boolean =>
  Object.values(rights).some(({ mayGrant }) => mayGrant(issuer))

function requireScope({ scope, issuer }: AccessToken, right: Right, settings: Settings): void {
  if (!mayGrantAny(issuer)) throw invalidOperatorToken()
  const scopes = scope.split(' ')
  if (issuer.administers && scopes.includes(settings.adminScope)) return
  const { scopeSetting, mayGrant } = rights[right]
  const required = settings[scopeSetting]
  if (mayGrant(issuer) && scopes.includes(required)) return
  // The token has the scope, but its issuer may not grant it.
  if (scopes.includes(required)) throw invalidOperatorToken()
  throw new OAuthError('insufficient_scope', `the token lacks the ${right} scope`, {
    scope: required,
  })
}

/** A single-use token is consumed by the request that it authorizes. */
async function consume(token: AccessToken, { clients }: Pick<Server, 'clients'>): Promise<void> {
  if (!(await clients.markUsed(token, generateWriteId()))) throw invalidOperatorToken()
}

/** Who makes the request, for the log and for what is stored of it. */
export type OperatorIdentity = Pick<RequestLogFields, 'operator' | 'operator_iss'>

const identityOf = (token: AccessToken | undefined): OperatorIdentity =>
  token === undefined
    ? { operator: 'master token' }
    : omitUndefined({ operator: token.sub, operator_iss: token.issuer.issuer })

const invalidOperatorToken = (cause?: unknown) =>
  new OAuthError('invalid_token', 'the token is not an operator token', { cause })
