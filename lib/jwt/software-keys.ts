import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import type { JsonObject } from '../json.ts'
import type { FetchJson } from '../ports/fetch-json.ts'
import type { Settings } from '../settings/schema.ts'
import { remoteKeys } from './issuer-keys.ts'

/** A software's keys or their URL, as client metadata (RFC 7591 §2). */
type StatedKeys = { readonly jwks?: unknown; readonly jwks_uri?: string }

/** Returns the software's keys from the first claim in `jwksClaims` that the statement has. */
export function statedKeys(
  claims: JsonObject,
  { softwareStatement: { jwksClaims } }: Settings,
): StatedKeys {
  const [stated] = jwksClaims.flatMap((name) =>
    Object.hasOwn(claims, name) && claims[name] !== null ? [claims[name]] : [],
  )
  if (stated === undefined) return {}
  return typeof stated === 'string' ? { jwks_uri: stated } : { jwks: stated }
}

/** Resolves the keys in a verified statement. Throws if there are none, or they are malformed. */
export type SoftwareKeys = (stated: StatedKeys) => JWTVerifyGetKey

const maxUrls = 100

/** Caches the keys at a URL for 5 minutes, for the 100 most recently used URLs. */
export function softwareKeys(read: FetchJson): SoftwareKeys {
  const byUrl = new Map<string, JWTVerifyGetKey>()
  return ({ jwks, jwks_uri: url }) => {
    if (url === undefined) return createLocalJWKSet(jwks as JSONWebKeySet) // validates its input
    const keys = byUrl.get(url) ?? remoteKeys(url, read, 300_000)
    byUrl.delete(url)
    byUrl.set(url, keys)
    const [oldest] = byUrl.keys()
    if (byUrl.size > maxUrls && oldest !== undefined) byUrl.delete(oldest)
    return keys
  }
}
