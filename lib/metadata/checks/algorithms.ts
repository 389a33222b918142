import type { ClientMetadata, SentMetadata } from '../client-metadata.ts'
import { isSuitableKey, isSymmetric } from '../rules/algorithms.ts'
import { responses } from '../supported-values.ts'
import type { Check } from './check.ts'

/** What the client signs, with its own key or its secret. */
const signedByClient = [
  'request_object_signing_alg',
  'token_endpoint_auth_signing_alg',
  'backchannel_authentication_request_signing_alg',
] as const

const signedByServer = responses.map((response) => `${response}_signed_response_alg` as const)

/**
 * What the server encrypts to the client's key. Request objects are encrypted to the server's key.
 */
const encryptedToClient = responses.map((response) => `${response}_encrypted_response_alg` as const)

/** The members that name a key management algorithm. Each …_enc requires its …_alg. */
export const encryptions = [...encryptedToClient, 'request_object_encryption_alg'] as const

type Encryption = (typeof encryptions)[number]
type WithEnc<Alg> = Alg extends `${infer Name}_alg` ? `${Name}_enc` : never

/** The member for the content encryption that belongs to this one. */
export const encOf = (alg: Encryption) => alg.replace(/alg$/, 'enc') as WithEnc<Encryption>

const everywhere = [...signedByClient, ...signedByServer, ...encryptions]
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
    const alg = encryptions.find(
      (name) => metadata[encOf(name)] !== undefined && metadata[name] === undefined,
    )
    return alg && `${encOf(alg)}: needs ${alg}`
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
