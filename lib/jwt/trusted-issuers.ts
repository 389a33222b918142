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
import { KeysUnavailable, keysOf, type TrustedIssuer } from './issuer-keys.ts'

/** A JWT that is not what it has to be; the message says in what, and repeats nothing of it. */
export class UntrustedJwt extends Error {}

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
  const keys = new Map(issuers.map((issuer) => [issuer.issuer, { issuer, key: keysOf(issuer) }]))
  return async (jwt, expectations) => {
    const trusted = keys.get(unverifiedIssuer(jwt))
    if (trusted === undefined) throw new UntrustedJwt('the issuer is not trusted')
    const { issuer, key } = trusted
    const expected = expectations(issuer)
    const { payload, protectedHeader } = await verify(jwt, key, issuer.issuer, expected)
    checkType(protectedHeader, expected.types)
    return { claims: payload, issuer }
  }
}

/** RFC 8725 §3.12: a JWT that was signed for another purpose is not taken for this one. */
function checkType({ typ }: JWTHeaderParameters, types: Expectations['types']): void {
  const type = typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : typ
  if (!types.includes(type)) throw new UntrustedJwt('its typ is not accepted')
}

/** RFC 7519 §4.1.7: throws UntrustedJwt where nothing distinguishes the JWT from another. */
export function checkJti({ jti }: JWTPayload): void {
  if (typeof jti !== 'string' || jti === '') throw new UntrustedJwt('jti is missing')
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
  { now, algorithms, types: _, ...expected }: Expectations,
): Promise<JWTVerifyResult> {
  const currentDate = new Date(now * 1000)
  const options = { ...expected, issuer, algorithms: [...algorithms], currentDate, clockTolerance }
  try {
    return await jwtVerify(jwt, key, options)
  } catch (cause) {
    if (cause instanceof errors.JWKSMultipleMatchingKeys) return verifyByAny(jwt, cause, options)
    throw toRefusal(cause)
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
        throw toRefusal(cause)
    }
  }
  throw new UntrustedJwt('no key of the issuer verifies the signature')
}

/** Whatever is wrong with a JWT, or with the key that it names, is the sender's; only keys that cannot be read are not. */
function toRefusal(cause: unknown): Error {
  if (cause instanceof KeysUnavailable)
    return new OAuthError(
      'temporarily_unavailable',
      'the keys of the issuer cannot be read now; try again',
      { cause },
    )
  return new UntrustedJwt(reasonOf(cause), { cause })
}

/** Says which claim is wrong, and repeats nothing of the JWT. */
function reasonOf(cause: unknown): string {
  if (cause instanceof errors.JWTExpired)
    return cause.claim === 'exp' ? 'it has expired' : 'it was issued too long ago (iat)'
  if (cause instanceof errors.JWTClaimValidationFailed)
    return `${cause.claim} is ${cause.reason === 'missing' ? 'missing' : 'not accepted'}`
  return 'the signature cannot be verified'
}
