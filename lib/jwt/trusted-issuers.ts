import {
  decodeJwt,
  errors,
  type JWTHeaderParameters,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  type JWTVerifyResult,
  jwtVerify,
} from 'jose'
import { OAuthError } from '../errors.ts'
import { createKeyResolver, KeysUnavailable, type TrustedIssuer } from './issuer-keys.ts'

/** An invalid JWT; the message states the reason and contains nothing of the JWT. */
export class InvalidJwtError extends Error {}

/** Checks in addition to signature and issuer; `now` in Unix seconds. */
export type Expectations = Pick<JWTVerifyOptions, 'audience' | 'requiredClaims' | 'maxTokenAge'> & {
  /** Accepted `typ` values, lower case, without `application/`; undefined if `typ` is optional. */
  readonly types: readonly (string | undefined)[]
  readonly algorithms: readonly string[]
  readonly now: number
}

export type VerifiedJwt<Issuer extends TrustedIssuer> = {
  readonly claims: JWTPayload
  readonly issuer: Issuer
}

/**
 * Verifies a JWT of a trusted issuer. Throws InvalidJwtError, and OAuthError
 * `temporarily_unavailable` if the issuer's keys are unavailable.
 */
export type VerifyJwt<Issuer extends TrustedIssuer> = (
  jwt: string,
  expectations: (issuer: Issuer) => Expectations,
) => Promise<VerifiedJwt<Issuer>>

/** Clock skew tolerance in seconds (RFC 7519 §4.1.4). */
export const clockTolerance = 30

/** Creates a verifier for these issuers; each issuer's keys are cached. */
export function trustIssuers<Issuer extends TrustedIssuer>(
  issuers: readonly Issuer[],
): VerifyJwt<Issuer> {
  const keys = new Map(
    issuers.map((issuer) => [issuer.issuer, { issuer, key: createKeyResolver(issuer) }]),
  )
  return async (jwt, expectations) => {
    const trusted = keys.get(unverifiedIssuer(jwt))
    if (trusted === undefined) throw new InvalidJwtError('the issuer is not trusted')
    const { issuer, key } = trusted
    try {
      return { claims: await verifyJwt(jwt, key, [issuer.issuer], expectations(issuer)), issuer }
    } catch (cause) {
      if (!(cause instanceof KeysUnavailable)) throw cause
      throw new OAuthError(
        'temporarily_unavailable',
        'the keys of the issuer are temporarily unavailable; retry later',
        { cause },
      )
    }
  }
}

/** Verifies a JWT by its signer's keys. Throws InvalidJwtError, KeysUnavailable. */
export async function verifyJwt(
  jwt: string,
  key: JWTVerifyGetKey,
  signers: readonly string[],
  { now, algorithms, types, ...expected }: Expectations,
): Promise<JWTPayload> {
  const { payload, protectedHeader } = await verifySignature(jwt, key, {
    ...expected,
    issuer: [...signers],
    algorithms: [...algorithms],
    currentDate: new Date(now * 1000),
    clockTolerance,
  })
  checkType(protectedHeader, types)
  return payload
}

/** RFC 8725 §3.12: rejects a JWT that was issued for another purpose. */
function checkType({ typ }: JWTHeaderParameters, types: Expectations['types']): void {
  const type = typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : typ
  if (!types.includes(type)) throw new InvalidJwtError('its typ is not accepted')
}

/** RFC 7519 §4.1.7: throws InvalidJwtError if the JWT has no `jti`. */
export function checkJti({ jti }: JWTPayload): void {
  if (typeof jti !== 'string' || jti === '') throw new InvalidJwtError('jti is missing')
}

/** Only selects the keys; no claim is trusted before the signature is verified. */
const unverifiedIssuer = (jwt: string): string => unverifiedClaims(jwt).iss ?? ''

/** Throws InvalidJwtError if the JWT cannot be decoded. */
export function unverifiedClaims(jwt: string): JWTPayload {
  try {
    return decodeJwt(jwt)
  } catch (cause) {
    throw new InvalidJwtError('not a JWT', { cause })
  }
}

async function verifySignature(
  jwt: string,
  key: JWTVerifyGetKey,
  options: JWTVerifyOptions,
): Promise<JWTVerifyResult> {
  try {
    return await jwtVerify(jwt, key, options)
  } catch (cause) {
    if (cause instanceof errors.JWKSMultipleMatchingKeys) return verifyByAny(jwt, cause, options)
    throw cause instanceof KeysUnavailable ? cause : toError(cause)
  }
}

/** A JWT without `kid` may match several keys of its issuer; one of them must verify it. */
async function verifyByAny(
  jwt: string,
  keys: errors.JWKSMultipleMatchingKeys,
  options: JWTVerifyOptions,
): Promise<JWTVerifyResult> {
  for await (const key of keys) {
    try {
      return await jwtVerify(jwt, key, options)
    } catch (cause) {
      if (cause instanceof errors.JWTExpired || cause instanceof errors.JWTClaimValidationFailed)
        throw toError(cause)
    }
  }
  throw new InvalidJwtError('no key of the issuer verifies the signature')
}

/** Any error in a JWT, or in the key that it selects, is a client error. */
const toError = (cause: unknown) => new InvalidJwtError(describeReason(cause), { cause })

/** Names the invalid claim, without any content of the JWT. */
function describeReason(cause: unknown): string {
  if (cause instanceof errors.JWTExpired)
    return cause.claim === 'exp' ? 'it has expired' : 'it was issued too long ago (iat)'
  if (cause instanceof errors.JWTClaimValidationFailed)
    return `${cause.claim} is ${cause.reason === 'missing' ? 'missing' : 'not accepted'}`
  return 'the signature cannot be verified'
}
