import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  type FetchImplementation,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from 'jose'

/** A trusted issuer of JWTs, and its public keys or their URL (RFC 7517 §5). */
export type TrustedIssuer = {
  readonly issuer: string
  readonly jwks?: JSONWebKeySet | undefined
  readonly jwksUri?: string | undefined
}

/** The keys are temporarily unavailable; this does not depend on the JWT. */
export class KeysUnavailable extends Error {}

/** Fetches the JSON document at a URL. Rejects with an Error for the log. */
type ReadKeys = (url: string, signal: AbortSignal) => Promise<unknown>

/** Caches an issuer's keys for 10 minutes; an unknown key refetches at most every 30 seconds. */
export function createKeyResolver({ issuer, jwks, jwksUri }: TrustedIssuer): JWTVerifyGetKey {
  if (jwks !== undefined) return createLocalJWKSet(jwks)
  if (jwksUri === undefined) throw new Error(`no keys are configured for the issuer ${issuer}`)
  return remoteKeys(jwksUri, fetchKeys, 600_000)
}

/** Caches the keys at a URL for `maxAgeMs`. Rejects with KeysUnavailable if they cannot be read. */
export const remoteKeys = (url: string, read: ReadKeys, maxAgeMs: number): JWTVerifyGetKey =>
  createRemoteJWKSet(new URL(url), {
    timeoutDuration: 3_000,
    cooldownDuration: 30_000,
    cacheMaxAge: maxAgeMs,
    [customFetch]: fetchWithCooldown(read),
  })

/** Milliseconds after a failed fetch during which the keys are not fetched again. */
const cooldownMs = 5_000

/** Every failure starts the cooldown; otherwise each request would wait for an unavailable host. */
function fetchWithCooldown(read: ReadKeys): FetchImplementation {
  let failedAt = Number.NEGATIVE_INFINITY
  return async (url, { signal }) => {
    if (Date.now() - failedAt < cooldownMs)
      throw new KeysUnavailable('the keys could not be read just now')
    failedAt = Date.now()
    try {
      const keys = await read(url, signal)
      createLocalJWKSet(keys as JSONWebKeySet) // throws if it is not a key set
      failedAt = Number.NEGATIVE_INFINITY
      return Response.json(keys)
    } catch (cause) {
      throw new KeysUnavailable('the keys cannot be read', { cause })
    }
  }
}

const fetchKeys: ReadKeys = async (url, signal) => {
  const headers = { accept: 'application/json, application/jwk-set+json' }
  const response = await fetch(url, { signal, redirect: 'manual', headers })
  if (response.status !== 200) throw new Error(`status ${response.status}`)
  return response.json()
}
