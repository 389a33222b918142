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

/** A JWT that is not what it has to be; the message says in what, and repeats nothing of it. */
export class InvalidJwtError extends Error {}

/** What a JWT must be beside its signature and issuer; `now` in Unix seconds. */
export type Expectations = Pick<JWTVerifyOptions, 'audience' | 'requiredClaims' | 'maxTokenAge'> & {
  /** What the header may name as `typ`, in lower case, without `application/`; undefined where it may name nothing. */
  readonly types: readonly (string | undefined)[]
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

/** Verifies JWTs of these issuers, each by its own keys, which are kept. */
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

/** Verifies a JWT by its signer's keys. Throws UntrustedJwt; KeysUnavailable where the keys cannot be read. */
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

/** RFC 8725 §3.12: a JWT that was signed for another purpose is not taken for this one. */
function checkType({ typ }: JWTHeaderParameters, types: Expectations['types']): void {
  const type = typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : typ
  if (!types.includes(type)) throw new InvalidJwtError('its typ is not accepted')
}

/** RFC 7519 §4.1.7: throws UntrustedJwt where nothing distinguishes the JWT from another. */
export function checkJti({ jti }: JWTPayload): void {
  if (typeof jti !== 'string' || jti === '') throw new InvalidJwtError('jti is missing')
}

/** Whose keys have to verify the JWT; nothing else is believed of it before they do. */
const unverifiedIssuer = (jwt: string): string => unverifiedClaims(jwt).iss ?? ''

/** Throws UntrustedJwt where there are none. */
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

/** A JWT without `kid` may fit several keys of its issuer; one of them has to verify it. */
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

/** Whatever is wrong with a JWT, or with the key that it names, is the sender's fault. */
const toError = (cause: unknown) => new InvalidJwtError(describeReason(cause), { cause })

/** Says which claim is wrong, and repeats nothing of the JWT. */
function describeReason(cause: unknown): string {
  if (cause instanceof errors.JWTExpired)
    return cause.claim === 'exp' ? 'it has expired' : 'it was issued too long ago (iat)'
  if (cause instanceof errors.JWTClaimValidationFailed)
    return `${cause.claim} is ${cause.reason === 'missing' ? 'missing' : 'not accepted'}`
  return 'the signature cannot be verified'
}
