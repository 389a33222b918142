import { signatures } from '../metadata/rules/algorithms.ts'
import type { Settings } from '../settings/schema.ts'
import { sha256 } from '../tokens/token.ts'
import { checkJti, clockTolerance, InvalidJwtError, type VerifyJwt } from './trusted-issuers.ts'

export type AccessTokenIssuer = Settings['accessTokenIssuers'][number]

/** A verified JWT access token (RFC 9068). */
export type AccessToken = {
  readonly sub: string | undefined
  /** Space-separated scope tokens. */
  readonly scope: string
  readonly issuer: AccessTokenIssuer
  /** What marks it as spent, where its issuer's tokens are for single use. */
  readonly digest: Uint8Array
  /** Unix seconds until which a spent one is remembered. */
  readonly remembered_until: number
}

/** Whether a bearer has the form of a compact JWS. */
export const looksLikeJwt = (bearer: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(bearer)

/**
 * RFC 9068 §4: verifies a JWT access token of a configured issuer. Throws UntrustedJwt; OAuthError
 * `temporarily_unavailable` where the issuer's keys cannot be had.
 */
export async function verifyAccessToken(
  jwt: string,
  verify: VerifyJwt<AccessTokenIssuer>,
  now: number,
): Promise<AccessToken> {
  const { claims, issuer } = await verify(jwt, ({ audience }) => ({
    audience: [...audience],
    types: ['at+jwt'], // RFC 9068 §2.1
    requiredClaims: ['exp', 'aud'],
    // Asymmetric only: a shared key would let its other holders mint tokens (RFC 8725 §3.1).
    algorithms: signatures,
    now,
  }))
  const { sub, scope, jti, exp = 0 } = claims
  // A token that is bound to a key proves nothing as a bearer (RFC 7800 §3).
  if ('cnf' in claims) throw new InvalidJwtError('the token is bound to a key')
  // RFC 9068 §2.2 requires one; what is good only once is told by it.
  const { singleUse, requireJti = singleUse } = issuer
  if (requireJti) checkJti(claims)
  if (sub !== undefined && !isValidSubject(sub)) throw new InvalidJwtError('sub is not a name')
  return {
    sub,
    scope: typeof scope === 'string' ? scope : '',
    issuer,
    digest: replayKey(jwt, issuer.issuer, jti),
    remembered_until: replayExpiry(exp),
  }
}

/** What clients can be listed by: a string as an initial access token has it too. */
const isValidSubject = (sub: unknown): boolean =>
  typeof sub === 'string' && sub !== '' && sub.length <= 255 && sub.isWellFormed()

/** Whole Unix seconds at which nobody accepts a JWT any more that expires at `exp`. */
export const replayExpiry = (exp: number): number =>
  Math.min(Math.ceil(exp) + 2 * clockTolerance, Number.MAX_SAFE_INTEGER)

/** Names a token by its issuer and `jti`, or by its signing input where it has none, because signatures are malleable. */
const replayKey = (jwt: string, issuer: string, jti: unknown): Uint8Array =>
  sha256(
    typeof jti === 'string' ? JSON.stringify([issuer, jti]) : jwt.slice(0, jwt.lastIndexOf('.')),
  )
