import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeJwt,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose'
import { OAuthError } from '../errors.ts'

/** An issuer of JWTs that the operator trusts, and where its public keys are (RFC 7517 §5). */
export type TrustedIssuer = {
  readonly issuer: string
  readonly jwks?: JSONWebKeySet | undefined
  readonly jwksUri?: string | undefined
}

/** A JWT that is not what it has to be; the message is for the log and names no content. */
export class UntrustedJwt extends Error {}

/** What a JWT must be beside its signature and issuer; `now` in Unix seconds. */
export type Expectations = Pick<JWTVerifyOptions, 'audience' | 'typ' | 'requiredClaims'> & {
  readonly algorithms: readonly string[]
  readonly now: number
}

export type VerifiedJwt<Issuer extends TrustedIssuer> = {
  readonly claims: JWTPayload
  readonly issuer: Issuer
}

/** Verifies a JWT of these issuers. Throws UntrustedJwt; OAuthError `temporarily_unavailable` where keys cannot be had. */
export type VerifyJwt<Issuer extends TrustedIssuer> = (
  jwt: string,
  expectations: (issuer: Issuer) => Expectations,
) => Promise<VerifiedJwt<Issuer>>

/** Seconds that clocks may differ (RFC 7519 §4.1.4). */
export const clockTolerance = 30

/** Keeps each issuer's keys: read once in ten minutes, and again for an unknown key, at most every thirty seconds. */
export function trustIssuers<Issuer extends TrustedIssuer>(
  issuers: readonly Issuer[],
): VerifyJwt<Issuer> {
  const keys = new Map(issuers.map((issuer) => [issuer.issuer, { issuer, key: keysOf(issuer) }]))
  return async (jwt, expectations) => {
    const trusted = keys.get(unverifiedIssuer(jwt))
    if (trusted === undefined) throw new UntrustedJwt('the issuer is not trusted')
    const { issuer, key } = trusted
    const claims = await verify(jwt, key, issuer.issuer, expectations(issuer))
    return { claims, issuer }
  }
}

function keysOf({ issuer, jwks, jwksUri }: TrustedIssuer): JWTVerifyGetKey {
  if (jwks !== undefined) return createLocalJWKSet(jwks)
  if (jwksUri === undefined) throw new Error(`no keys are configured for the issuer ${issuer}`)
  const options = { timeoutDuration: 3_000, cooldownDuration: 30_000, cacheMaxAge: 600_000 }
  return createRemoteJWKSet(new URL(jwksUri), options)
}

/** Whose keys have to verify the JWT; nothing else is believed of it before they do. */
function unverifiedIssuer(jwt: string): string {
  try {
    return decodeJwt(jwt).iss ?? ''
  } catch (cause) {
    throw new UntrustedJwt('not a JWT', { cause })
  }
}

async function verify(
  jwt: string,
  key: JWTVerifyGetKey,
  issuer: string,
  { now, algorithms, ...expected }: Expectations,
): Promise<JWTPayload> {
  const currentDate = new Date(now * 1000)
  const options = { ...expected, issuer, algorithms: [...algorithms], currentDate, clockTolerance }
  try {
    return (await jwtVerify(jwt, key, options)).payload
  } catch (cause) {
    if (cause instanceof errors.JWKSMultipleMatchingKeys) return verifyByAny(jwt, cause, options)
    throw refusal(cause)
  }
}

/** A JWT without `kid` may fit several keys of its issuer; one of them has to verify it. */
async function verifyByAny(
  jwt: string,
  keys: errors.JWKSMultipleMatchingKeys,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  for await (const key of keys) {
    try {
      return (await jwtVerify(jwt, key, options)).payload
    } catch (cause) {
      if (!(cause instanceof errors.JWSSignatureVerificationFailed)) throw refusal(cause)
    }
  }
  throw new UntrustedJwt('no key of the issuer verifies the signature')
}

/** Errors of the JWT itself; anything else means that the issuer's keys could not be read. */
const ofTheJwt = [
  errors.JWTClaimValidationFailed,
  errors.JWTExpired,
  errors.JWTInvalid,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JWKSNoMatchingKey,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
]

function refusal(cause: unknown): Error {
  if (ofTheJwt.some((kind) => cause instanceof kind)) {
    const { message } = cause as Error // each of these kinds is one
    return new UntrustedJwt(message, { cause })
  }
  return new OAuthError(
    'temporarily_unavailable',
    'the keys of the issuer cannot be read now; try again',
    {
      cause,
    },
  )
}
