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
  /** Replay key, used if the issuer's tokens are single-use. */
  readonly digest: Uint8Array
  /** Unix seconds until which a consumed token is stored. */
  readonly remembered_until: number
}

/** Whether a bearer has the form of a compact JWS. */
export const looksLikeJwt = (bearer: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(bearer)

/**
 * RFC 9068 §4: verifies a JWT access token of a configured issuer. Throws InvalidJwtError, and
 * OAuthError `temporarily_unavailable` if the issuer's keys are unavailable.
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
  // A key-bound token must not be accepted as a bearer token (RFC 7800 §3).
  if ('cnf' in claims) throw new InvalidJwtError('the token is bound to a key')
  // RFC 9068 §2.2 requires `jti`; single use is tracked by it.
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

/** Clients can be listed by owner: same limits as for the `sub` of an initial access token. */
const isValidSubject = (sub: unknown): boolean =>
  typeof sub === 'string' && sub !== '' && sub.length <= 255 && sub.isWellFormed()

/** Unix seconds (integer) from which a JWT with this `exp` can no longer be accepted. */
export const replayExpiry = (exp: number): number =>
  Math.min(Math.ceil(exp) + 2 * clockTolerance, Number.MAX_SAFE_INTEGER)

/** Digest of issuer and `jti`, or else of the signing input, because signatures are malleable. */
const replayKey = (jwt: string, issuer: string, jti: unknown): Uint8Array =>
  sha256(
    typeof jti === 'string' ? JSON.stringify([issuer, jti]) : jwt.slice(0, jwt.lastIndexOf('.')),
  )
