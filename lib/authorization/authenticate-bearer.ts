import { decodeJwt } from 'jose'
import { OAuthError } from '../errors.ts'
import { looksLikeJwt, verifyAccessToken } from '../jwt/access-token.ts'
import { InvalidJwtError } from '../jwt/trusted-issuers.ts'
import type { RequestLogFields } from '../ports/request-log-fields.ts'
import type { Server } from '../server.ts'
import {
  type InitialAccessToken,
  initialAccessTokenId,
  parseConsumption,
} from '../tokens/initial-access-token.ts'
import { bytesEqual, sha256 } from '../tokens/token.ts'
import type { RegistrationGrant } from './registration-grant.ts'

export type AuthorizationPorts = Pick<
  Server,
  | 'settings'
  | 'issuer'
  | 'registrationEndpoint'
  | 'initialAccessTokens'
  | 'trust'
  | 'isMasterToken'
  | 'isStaticInitialAccessToken'
>

export type BearerRequest = {
  readonly bearer: string
  /** Unix seconds. */
  readonly now: number
  /** Identifies this request's write, which consumes the token; undefined if none is consumed. */
  readonly write_id: Uint8Array | undefined
}

/** RFC 6750 §3.1 `invalid_token`: one error for unknown, wrong, consumed and expired tokens. */
export const invalidToken = (details?: { cause?: unknown; logFields?: RequestLogFields }) =>
  new OAuthError('invalid_token', 'the token is unknown, consumed, expired or revoked', details)

/**
 * Authenticates a bearer token at the registration endpoint: a stored initial access token
 * (consumed here if it is consumed on the attempt), an access token of a configured issuer, the
 * master token, or the static initial access token. Undefined for an unknown token.
 * Throws OAuthError `invalid_token`, `temporarily_unavailable`.
 */
export async function authenticateBearer(
  request: BearerRequest,
  server: AuthorizationPorts,
): Promise<RegistrationGrant | undefined> {
  const { bearer } = request
  const id = initialAccessTokenId(bearer)
  if (id !== undefined) return authenticateInitialAccessToken(id, request, server)
  if (isOfConfiguredIssuer(bearer, server)) return authenticateAccessToken(request, server)
  if (await server.isMasterToken(bearer)) return { source: { registration_method: 'operator' } }
  const { registrationScope } = server.settings
  if (await server.isStaticInitialAccessToken(bearer))
    return {
      source: { registration_method: 'static_initial_access_token' },
      scope: registrationScope,
    }
  // A truncated token, or one for another endpoint, is still ours: never ignore it as unknown.
  if (/^[ir]at_/.test(bearer)) throw invalidToken()
  return undefined
}

/** Selects by the unverified `iss` claim; the signature is verified later. */
function isOfConfiguredIssuer(bearer: string, { settings }: AuthorizationPorts): boolean {
  if (!looksLikeJwt(bearer)) return false
  const iss = claimedIssuer(bearer)
  return settings.accessTokenIssuers.some(({ issuer }) => issuer === iss)
}

function claimedIssuer(jwt: string): string | undefined {
  try {
    return decodeJwt(jwt).iss
  } catch {
    return undefined
  }
}

async function authenticateAccessToken(
  { bearer, now }: BearerRequest,
  { trust }: AuthorizationPorts,
): Promise<RegistrationGrant> {
  try {
    const token = await verifyAccessToken(bearer, trust.accessTokens, now)
    const { digest, remembered_until } = token
    const { sub: owner, scope, issuer } = token
    return {
      source: { registration_method: 'access_token', owner, iss: issuer.issuer },
      scope,
      ...(issuer.singleUse && {
        consumable: { kind: 'access_token', digest, remembered_until },
      }),
    }
  } catch (cause) {
    throw cause instanceof InvalidJwtError ? invalidToken({ cause }) : cause
  }
}

async function authenticateInitialAccessToken(
  id: string,
  request: BearerRequest,
  server: AuthorizationPorts,
): Promise<RegistrationGrant> {
  const token_digest = sha256(request.bearer)
  const { now, write_id } = request
  if (parseConsumption(id) === 'on_attempt' && write_id !== undefined)
    return consumeOnAttempt(id, token_digest, { now, write_id }, server)
  const token = await server.initialAccessTokens.find(id)
  if (token === undefined) throw invalidToken()
  const isValid = bytesEqual(token.token_digest, token_digest) && isUsable(token, now)
  if (!isValid || !hasAudience(token, server))
    throw invalidToken({ logFields: { initial_access_token: id } })
  const grant = grantOfInitialAccessToken(token)
  return parseConsumption(id) === 'on_success'
    ? { ...grant, consumable: { kind: 'initial_access_token', id, token_digest } }
    : grant
}

async function consumeOnAttempt(
  id: string,
  token_digest: Uint8Array,
  { now, write_id }: { readonly now: number; readonly write_id: Uint8Array },
  server: AuthorizationPorts,
): Promise<RegistrationGrant> {
  const token = await server.initialAccessTokens.consume(id, token_digest, now, write_id)
  if (token === undefined) throw invalidToken()
  const consumed = token.isRepetition ? {} : ({ consumed: true } as const)
  if (!hasAudience(token, server))
    throw invalidToken({ logFields: { initial_access_token: id, ...consumed } })
  return { ...grantOfInitialAccessToken(token), ...consumed }
}

const grantOfInitialAccessToken = (token: InitialAccessToken): RegistrationGrant => ({
  source: {
    registration_method: 'initial_access_token',
    owner: token.sub,
    initial_access_token: token.id,
  },
  scope: token.scope,
  policies: token.policies,
})

const isUsable = ({ expires_at, uses_left }: InitialAccessToken, now: number): boolean =>
  expires_at > now && (uses_left === undefined || uses_left > 0)

const hasAudience = (
  { audience }: InitialAccessToken,
  { issuer, registrationEndpoint }: AuthorizationPorts,
) => audience === undefined || audience.includes(issuer) || audience.includes(registrationEndpoint)
