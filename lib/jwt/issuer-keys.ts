import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  type FetchImplementation,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from 'jose'

/** An issuer of JWTs that the operator trusts, and where its public keys are (RFC 7517 §5). */
export type TrustedIssuer = {
  readonly issuer: string
  readonly jwks?: JSONWebKeySet | undefined
  readonly jwksUri?: string | undefined
}

/** Milliseconds for which an issuer whose keys could not be read is left alone, whoever asks. */
const restFor = 5_000

/** An issuer's keys: read once in ten minutes, and again for an unknown key, at most every thirty seconds. */
export function keysOf({ issuer, jwks, jwksUri }: TrustedIssuer): JWTVerifyGetKey {
  if (jwks !== undefined) return createLocalJWKSet(jwks)
  if (jwksUri === undefined) throw new Error(`no keys are configured for the issuer ${issuer}`)
  return createRemoteJWKSet(new URL(jwksUri), {
    timeoutDuration: 3_000,
    cooldownDuration: 30_000,
    cacheMaxAge: 600_000,
    [customFetch]: restingFetch(),
  })
}

/** Fetches, but not again at once where that has failed: else each request would wait for a host that is down. */
function restingFetch(): FetchImplementation {
  let failedAt = Number.NEGATIVE_INFINITY
  return async (url, options) => {
    if (Date.now() - failedAt < restFor) throw new Error('the keys could not be read just now')
    failedAt = Date.now()
    const response = await fetch(url, options)
    if (response.ok) failedAt = Number.NEGATIVE_INFINITY
    return response
  }
}
