import { createHash } from 'node:crypto'
import { OAuthError } from '../../lib/errors.ts'
import type { KeycloakSettings } from '../../lib/settings/connector-settings.ts'
import type { PushedClient } from './connector.ts'
import { attributeNames, keycloakAttributes } from './keycloak-attributes.ts'
import { unsupported } from './unsupported.ts'
import { webOrigins } from './web-origins.ts'

/** The members of Keycloak's ClientRepresentation that this service sets, always all of them. */
export type KeycloakClient = {
  readonly id: string
  readonly clientId: string
  readonly protocol: 'openid-connect'
  readonly name: string
  readonly baseUrl: string
  readonly enabled: boolean
  readonly publicClient: boolean
  readonly bearerOnly: false
  readonly clientAuthenticatorType: string
  readonly secret?: string
  readonly redirectUris: readonly string[]
  readonly webOrigins: readonly string[]
  readonly standardFlowEnabled: boolean
  readonly implicitFlowEnabled: boolean
  readonly directAccessGrantsEnabled: boolean
  readonly serviceAccountsEnabled: boolean
  readonly frontchannelLogout: boolean
  readonly fullScopeAllowed: false
  readonly consentRequired: boolean
  readonly defaultClientScopes: readonly string[]
  readonly optionalClientScopes: readonly string[]
  readonly attributes: Readonly<Record<string, string>>
}

/** Marks the clients of this service, by the name of its table, and when they were pushed. */
export const sourceAttribute = 'client_registration_source'
export const pushedAtAttribute = 'client_registration_pushed_at'

/** A client scope that Keycloak itself gives to a client with a service account. */
export const serviceAccountScope = 'service_account'

/** RFC 7591 §2 `token_endpoint_auth_method` and the client authenticator of Keycloak. */
const authenticators: Readonly<Record<string, string>> = {
  none: 'client-secret',
  client_secret_basic: 'client-secret',
  client_secret_post: 'client-secret',
  client_secret_jwt: 'client-secret-jwt',
  private_key_jwt: 'client-jwt',
  tls_client_auth: 'client-x509',
}

/** Length of the columns of redirect URIs, name and URL in Keycloak's database. */
const maxColumn = 255

/**
 * The identifier of a client inside the realm, which this service sets: a client that somebody else
 * created there has another, so that none of these is ever changed.
 */
export function keycloakId(client_id: string): string {
  const hex = createHash('sha256').update(`client-registration ${client_id}`).digest('hex')
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
  ]
  return [...parts, hex.slice(20, 32)].join('-')
}

/**
 * Maps a client to the representation that Keycloak stores. `now` in Unix seconds. Throws OAuthError
 * `invalid_client_metadata` or `invalid_redirect_uri` if Keycloak cannot hold the client, or would
 * give it more than it registered.
 */
export function toKeycloakClient(
  { client, client_secret, isActive }: PushedClient,
  settings: Pick<KeycloakSettings, 'defaultScopes' | 'optionalScopes' | 'consentRequired'>,
  source: string,
  now: number,
): KeycloakClient {
  const { client_id, grant_types, redirect_uris = [], token_endpoint_auth_method: method } = client
  const clientAuthenticatorType = authenticators[method]
  if (clientAuthenticatorType === undefined) throw unsupported('token_endpoint_auth_method')
  if (client.subject_type !== 'public') throw unsupported('subject_type')
  if (!redirect_uris.every(isExact))
    throw new OAuthError(
      'invalid_redirect_uri',
      'redirect_uris: expected URIs of at most 255 characters, without *',
    )
  if (!(client.post_logout_redirect_uris ?? []).every(isExact))
    throw unsupported('post_logout_redirect_uris')
  if ((client.client_uri ?? '').length > maxColumn) throw unsupported('client_uri')
  const scopes = client.scope?.split(' ').filter((scope) => scope !== 'openid')
  return {
    id: keycloakId(client_id),
    clientId: client_id,
    protocol: 'openid-connect',
    // Half of a surrogate pair at the end would be stored as something else.
    name: (client.client_name ?? '').slice(0, maxColumn).replace(/[\uD800-\uDBFF]$/, ''),
    baseUrl: client.client_uri ?? '',
    enabled: isActive,
    publicClient: method === 'none',
    bearerOnly: false,
    clientAuthenticatorType,
    ...(client_secret !== undefined && { secret: client_secret }),
    redirectUris: redirect_uris,
    webOrigins: webOrigins(redirect_uris),
    standardFlowEnabled: grant_types.includes('authorization_code'),
    implicitFlowEnabled: grant_types.includes('implicit'),
    directAccessGrantsEnabled: grant_types.includes('password'),
    serviceAccountsEnabled: grant_types.includes('client_credentials'),
    frontchannelLogout: client.frontchannel_logout_uri !== undefined,
    fullScopeAllowed: false,
    consentRequired: settings.consentRequired,
    defaultClientScopes: settings.defaultScopes,
    optionalClientScopes: (scopes ?? settings.optionalScopes).filter(
      (scope) => !settings.defaultScopes.includes(scope),
    ),
    attributes: {
      ...keycloakAttributes(client),
      [sourceAttribute]: source,
      [pushedAtAttribute]: String(now),
    },
  }
}

/** Keycloak matches a redirect URI that ends in `*` by its beginning. */
const isExact = (uri: string): boolean => !/[*#]/.test(uri) && uri.length <= maxColumn

/** What is compared: lists as sets, without the time of the push. */
export function keycloakFingerprint(client: Partial<KeycloakClient>, source: string): string {
  const { attributes = {}, publicClient, enabled, clientAuthenticatorType = '', secret } = client
  const usesSecret = /^client-secret/.test(clientAuthenticatorType) && publicClient !== true
  const compared = comparedMembers.map((name) => comparable(client[name]))
  const expected = attributeNames.map((name) => attributes[name] ?? '')
  const parts = [
    compared,
    expected,
    attributes[sourceAttribute] === source,
    // The secret of a disabled client may have expired: it is pushed when the client is enabled.
    usesSecret && enabled === true ? (secret ?? '') : '',
  ]
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}

const comparable = (value: unknown): unknown =>
  Array.isArray(value) ? value.filter((item) => item !== serviceAccountScope).sort() : (value ?? '')

const comparedMembers = [
  ...(['id', 'clientId', 'protocol', 'name', 'baseUrl', 'enabled', 'publicClient'] as const),
  ...(['bearerOnly', 'clientAuthenticatorType', 'redirectUris', 'webOrigins'] as const),
  ...(['standardFlowEnabled', 'implicitFlowEnabled', 'directAccessGrantsEnabled'] as const),
  ...(['serviceAccountsEnabled', 'frontchannelLogout', 'fullScopeAllowed'] as const),
  ...(['consentRequired', 'defaultClientScopes', 'optionalClientScopes'] as const),
]
