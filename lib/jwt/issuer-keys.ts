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

/** The keys cannot be read now, whatever JWT needs them. */
export class KeysUnavailable extends Error {}

/** Reads the JSON document at a URL. Rejects with an Error for the log. */
type ReadKeys = (url: string, signal: AbortSignal) => Promise<unknown>

/** An issuer's keys: read once in ten minutes, and again for an unknown key, at most every thirty seconds. */
export function createKeyResolver({ issuer, jwks, jwksUri }: TrustedIssuer): JWTVerifyGetKey {
  if (jwks !== undefined) return createLocalJWKSet(jwks)
  if (jwksUri === undefined) throw new Error(`no keys are configured for the issuer ${issuer}`)
  return remoteKeys(jwksUri, fetchKeys, 600_000)
}

/** The keys at a URL, kept for so many milliseconds. Getting one rejects with KeysUnavailable where they cannot be read. */
export const remoteKeys = (url: string, read: ReadKeys, maxAgeMs: number): JWTVerifyGetKey =>
  createRemoteJWKSet(new URL(url), {
    timeoutDuration: 3_000,
    cooldownDuration: 30_000,
    cacheMaxAge: maxAgeMs,
    [customFetch]: fetchWithCooldown(read),
  })

/** Milliseconds for which keys that could not be read are not asked for again, whoever needs them. */
const cooldownMs = 5_000

/** Each failure counts: else every request would wait for a host that is down, or ask one that has no key set. */
function fetchWithCooldown(read: ReadKeys): FetchImplementation {
  let failedAt = Number.NEGATIVE_INFINITY
  return async (url, { signal }) => {
    if (Date.now() - failedAt < cooldownMs)
      throw new KeysUnavailable('the keys could not be read just now')
    failedAt = Date.now()
    try {
      const keys = await read(url, signal)
      createLocalJWKSet(keys as JSONWebKeySet) // throws where it is none
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
