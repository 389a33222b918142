import type { ClientMetadata, SentMetadata } from '../client-metadata.ts'
import { isSuitableKey, isSymmetric } from '../rules/algorithms.ts'
import { listsFor, listsWith, supportedLists } from '../supported-lists.ts'
import type { Check } from './check.ts'

/** What the client signs, with its own key or its secret. */
const signedByClient = listsFor('signed_by_client').map(({ member }) => member)

/**
 * What the server encrypts to the client's key. Request objects are encrypted to the server's key.
 */
const encryptedToClient = listsFor('encrypted_to_client').map(({ member }) => member)

const everywhere = [
  ...signedByClient,
  ...listsFor('signed_by_server').map(({ member }) => member),
  ...encryptedToClient,
  ...listsFor('encrypted_to_server').map(({ member }) => member),
]
const withClientKey = [...signedByClient, ...encryptedToClient]

/** The members whose algorithm uses the client secret as its key (OpenID Connect Core 1.0 §10). */
export const symmetricUses = (metadata: SentMetadata) =>
  everywhere.filter((name) => isSymmetric(metadata[name] ?? ''))

/** Authentication methods that prove possession of a private key of the client. */
export const keyMethods = ['private_key_jwt', 'self_signed_tls_client_auth']

export const algorithmChecks = {
  /** OpenID Connect Core 1.0 §9, RFC 8705 §2.2.2 */
  keysForKeyMethods: (metadata) =>
    keyMethods.includes(metadata.token_endpoint_auth_method) && !hasKeys(metadata)
      ? `token_endpoint_auth_method: ${metadata.token_endpoint_auth_method} needs jwks or jwks_uri`
      : undefined,
  /**
   * OpenID Connect Core 1.0 §10: signing by the client, and encryption to it, need a key of the
   * algorithm's type.
   */
  keysForAlgorithms(metadata) {
    const name = withClientKey.find((member) => !hasKeyFor(metadata, metadata[member]))
    return name && `${name}: needs jwks with a suitable key, or jwks_uri`
  },
  /**
   * OpenID Connect Core 1.0 §10.1, §10.2: the key is the client secret. A public client has none.
   */
  secretForSymmetricAlgorithms(metadata) {
    if (metadata.token_endpoint_auth_method !== 'none') return undefined
    const [name] = symmetricUses(metadata)
    return name && `${name}: an algorithm with a secret contradicts token_endpoint_auth_method none`
  },
  /**
   * OpenID Connect Dynamic Client Registration 1.0 §2: "When …_enc is included, …_alg MUST also be
   * provided."
   */
  algorithmForEncryption(metadata) {
    const list = listsWith('alg')
      .map((name) => supportedLists[name])
      .find(({ member, alg }) => metadata[member] !== undefined && metadata[alg] === undefined)
    return list && `${list.member}: needs ${list.alg}`
  },
  /**
   * OpenID Connect Core 1.0 §9: a MAC for client_secret_jwt, a signature for private_key_jwt, no
   * algorithm for other methods.
   */
  assertionMatchesMethod({
    token_endpoint_auth_method: method,
    token_endpoint_auth_signing_alg: alg,
  }) {
    if (alg === undefined || method === assertionMethod(alg)) return undefined
    if (method === 'client_secret_jwt' || method === 'private_key_jwt')
      return `token_endpoint_auth_signing_alg: expected an algorithm for ${method}`
    return 'token_endpoint_auth_signing_alg: expected private_key_jwt or client_secret_jwt beside it'
  },
} satisfies Record<string, Check>

/** The authentication method whose assertions use this algorithm. */
export const assertionMethod = (alg: string): string =>
  isSymmetric(alg) ? 'client_secret_jwt' : 'private_key_jwt'

type Keys = Pick<ClientMetadata, 'jwks' | 'jwks_uri' | 'signed_jwks_uri'>

const hasKeys = ({ jwks, jwks_uri, signed_jwks_uri }: Keys): boolean =>
  (jwks ?? jwks_uri ?? signed_jwks_uri) !== undefined

/**
 * Whether the client can have a key for this algorithm; true if it needs none, or if its keys are
 * not in `jwks`.
 */
export function hasKeyFor({ jwks, ...elsewhere }: Keys, alg: string | undefined): boolean {
  if (alg === undefined || alg === 'none' || isSymmetric(alg)) return true
  return jwks === undefined ? hasKeys(elsewhere) : jwks.keys.some((key) => isSuitableKey(key, alg))
}
