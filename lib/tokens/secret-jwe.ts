import { decryptJwe, encryptJwe, jweHeader } from './jwe.ts'
import { currentKeyFor, type KeyRing, keyFor } from './key-ring.ts'

/** Encrypts a client secret as compact JWE with the ring's current key. */
export const encryptSecretJwe = (client_id: string, client_secret: string, ring: KeyRing): string =>
  encryptJwe({ kid: ring.current, client_id }, client_secret, currentKeyFor(ring, 'client_secret'))

/**
 * Decrypts a client secret from its compact JWE. Where several rings have a key of its `kid`, they
 * are tried in order. Throws an Error, without any secret in it, if every ring lacks the key, or if
 * the JWE is invalid or belongs to another client.
 */
export function decryptSecretJwe(
  client_id: string,
  jwe: string,
  rings: readonly KeyRing[],
): string {
  const { kid, client_id: owner = client_id } = jweHeader(jwe) ?? {}
  if (kid === undefined) throw invalid()
  if (owner !== client_id) throw new Error('the stored client secret is that of another client')
  const keys = rings.flatMap((ring) => keyFor(ring, String(kid), 'client_secret') ?? [])
  if (keys.length === 0) throw new Error(`no key ring has the key ${kid}`)
  const client_secret = decryptJwe(jwe, keys)
  if (client_secret === undefined) throw invalid()
  return client_secret
}

/** The id of the key that encrypts the secret. */
export function secretKeyId(jwe: string): string {
  const header = jweHeader(jwe)
  if (header === undefined) throw invalid()
  return String(header.kid)
}

const invalid = () => new Error('the stored client secret is invalid')
