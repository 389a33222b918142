import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import type { JsonObject } from '../metadata/parse-client-metadata.ts'
import type { FetchJson } from '../ports/fetch-json.ts'
import type { Settings } from '../settings/schema.ts'
import { remoteKeys } from './issuer-keys.ts'

/** Where the keys of a software are, in the words of client metadata (RFC 7591 §2). */
type StatedKeys = { readonly jwks?: unknown; readonly jwks_uri?: string }

/** What a statement says of its software's keys, by the first of its claims that the settings name. */
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

/** The keys that a verified statement names. Throws where it names none, or what can be none. */
export type SoftwareKeys = (stated: StatedKeys) => JWTVerifyGetKey

const maxUrls = 100

/** Keeps the keys at a URL for five minutes, those of the hundred URLs that were used last. */
export function softwareKeys(read: FetchJson): SoftwareKeys {
  const byUrl = new Map<string, JWTVerifyGetKey>()
  return ({ jwks, jwks_uri: url }) => {
    if (url === undefined) return createLocalJWKSet(jwks as JSONWebKeySet) // it judges what it is given
    const keys = byUrl.get(url) ?? remoteKeys(url, read, 300_000)
    byUrl.delete(url)
    byUrl.set(url, keys)
    const [oldest] = byUrl.keys()
    if (byUrl.size > maxUrls && oldest !== undefined) byUrl.delete(oldest)
    return keys
  }
}
