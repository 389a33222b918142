import { createHash } from 'node:crypto'
import { OAuthError } from '../../lib/errors.ts'
import { isObject, type JsonObject } from '../../lib/json.ts'
import type { HydraSettings } from '../../lib/settings/connector-settings.ts'
import type { PushedClient } from './connector.ts'
import { unenforcedMember } from './unenforced-members.ts'
import { unsupported } from './unsupported.ts'
import { webOrigins } from './web-origins.ts'

/**
 * The members of Ory Hydra's OAuth 2.0 client that this service sets, always all of them: a
 * replacement resets those that it leaves out.
 */
export type HydraClient = {
  readonly client_id: string
  readonly owner: string
  readonly client_name: string
  readonly client_uri: string
  readonly logo_uri: string
  readonly policy_uri: string
  readonly tos_uri: string
  readonly contacts: readonly string[]
  readonly client_secret?: string
  readonly token_endpoint_auth_method: string
  readonly token_endpoint_auth_signing_alg: string
  readonly jwks?: JsonObject
  readonly jwks_uri: string
  readonly grant_types: readonly string[]
  readonly response_types: readonly string[]
  readonly redirect_uris: readonly string[]
  readonly post_logout_redirect_uris: readonly string[]
  readonly allowed_cors_origins: readonly string[]
  readonly scope: string
  readonly audience: readonly string[]
  readonly subject_type: string
  readonly sector_identifier_uri: string
  readonly userinfo_signed_response_alg: string
  readonly request_object_signing_alg: string
  readonly request_uris: readonly string[]
  readonly frontchannel_logout_uri: string
  readonly frontchannel_logout_session_required: boolean
  readonly backchannel_logout_uri: string
  readonly backchannel_logout_session_required: boolean
  readonly access_token_strategy: string
  readonly skip_consent: false
  readonly skip_logout_consent: false
  readonly metadata: { readonly client_registration: Mark }
}

/** Marks the clients of this service in the metadata, which no client can change at Hydra. */
type Mark = {
  /** Name of the service's table. */
  readonly source: string
  /** Unix seconds. */
  readonly pushed_at: number
  /** Hydra never returns a secret: this shows whether it is the current one. Empty without one. */
  readonly secret_digest: string
}

const authMethods = ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt']

/** A grant type and response type that no request can have: Hydra reads an empty list as the default. */
const none = ['none']

/**
 * Maps a client to what Hydra stores. A client that is not active keeps its place, and has no grant
 * and no redirect URI. `now` in Unix seconds. Throws OAuthError `invalid_client_metadata` if Hydra
 * cannot hold the client, or would give it more than it registered.
 */
export function toHydraClient(
  { client, client_secret, isActive }: PushedClient,
  { defaultScopes, audience }: Pick<HydraSettings, 'defaultScopes' | 'audience'>,
  source: string,
  now: number,
): HydraClient {
  checkSupport(client)
  const { grant_types, response_types, redirect_uris = [] } = client
  const isWithSecret = isActive && client_secret !== undefined
  return {
    client_id: client.client_id,
    owner: source,
    client_name: client.client_name ?? '',
    client_uri: client.client_uri ?? '',
    logo_uri: client.logo_uri ?? '',
    policy_uri: client.policy_uri ?? '',
    tos_uri: client.tos_uri ?? '',
    contacts: client.contacts ?? [],
    ...(isWithSecret && { client_secret }),
    token_endpoint_auth_method: client.token_endpoint_auth_method,
    token_endpoint_auth_signing_alg: client.token_endpoint_auth_signing_alg ?? '',
    ...(client.jwks !== undefined && { jwks: client.jwks }),
    jwks_uri: client.jwks_uri ?? '',
    grant_types: isActive && grant_types.length > 0 ? grant_types : none,
    response_types: isActive && response_types.length > 0 ? response_types : none,
    redirect_uris: isActive ? redirect_uris : [],
    post_logout_redirect_uris: isActive ? (client.post_logout_redirect_uris ?? []) : [],
    allowed_cors_origins: isActive ? webOrigins(redirect_uris) : [],
    // Hydra gives its own default scopes to a client without any.
    scope: client.scope || defaultScopes.join(' '),
    audience,
    subject_type: client.subject_type,
    sector_identifier_uri: client.sector_identifier_uri ?? '',
    userinfo_signed_response_alg: client.userinfo_signed_response_alg ?? 'none',
    request_object_signing_alg: client.request_object_signing_alg ?? '',
    request_uris: client.request_uris ?? [],
    frontchannel_logout_uri: client.frontchannel_logout_uri ?? '',
    frontchannel_logout_session_required: client.frontchannel_logout_session_required,
    backchannel_logout_uri: client.backchannel_logout_uri ?? '',
    backchannel_logout_session_required: client.backchannel_logout_session_required,
    access_token_strategy: '',
    skip_consent: false,
    skip_logout_consent: false,
    metadata: {
      client_registration: {
        source,
        pushed_at: now,
        secret_digest: isWithSecret ? digest(client.client_id, client_secret) : '',
      },
    },
  }
}

function checkSupport(client: PushedClient['client']): void {
  const { token_endpoint_auth_method, userinfo_signed_response_alg: alg = 'none' } = client
  if (!authMethods.includes(token_endpoint_auth_method))
    throw unsupported('token_endpoint_auth_method')
  if (alg !== 'none' && alg !== 'RS256') throw unsupported('userinfo_signed_response_alg')
  const unenforced = unenforcedMember(client)
  if (unenforced !== undefined) throw unsupported(unenforced)
  // Hydra's default strategy matches any scope with `*`.
  if (client.scope?.includes('*'))
    throw new OAuthError('invalid_client_metadata', 'scope: expected scopes without *')
  const hosts = (client.redirect_uris ?? []).map(schemeAndHost)
  if (!(client.post_logout_redirect_uris ?? []).every((uri) => hosts.includes(schemeAndHost(uri))))
    throw new OAuthError(
      'invalid_client_metadata',
      'post_logout_redirect_uris: expected the scheme, host and port of one of the redirect_uris',
    )
}

const schemeAndHost = (uri: string): string => {
  const { protocol, host } = new URL(uri)
  return `${protocol}//${host}`
}

/** The mark of a listed client; undefined if it is not from this service. */
export function markOf({ owner, metadata }: Partial<HydraClient>, source: string) {
  const mark = isObject(metadata) ? metadata.client_registration : undefined
  return owner === source && isObject(mark) && mark.source === source ? mark : undefined
}

/** What is compared: lists as sets, without the time of the push. */
export function hydraFingerprint(client: Partial<HydraClient>, source: string): string {
  const compared = comparedMembers.map((name) => comparable(client[name]))
  const keys = isObject(client.jwks) && Array.isArray(client.jwks.keys) ? client.jwks.keys : []
  const mark = markOf(client, source)
  return digest(compared, keys.map(comparableKey).sort(), mark?.secret_digest)
}

const digest = (...parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url')

/** Hydra returns an omitted member as an empty one, or not at all. */
const comparable = (value: unknown): unknown =>
  Array.isArray(value) ? [...value].sort() : value || []

/** Hydra returns a key with the members that it knows, and encodes its numbers anew. */
const comparableKey = (key: unknown): string =>
  JSON.stringify(
    isObject(key) ? [...keyNames.map((name) => key[name]), ...keyNumbers.map(numberOf(key))] : [],
  )

const keyNames = ['kty', 'crv', 'kid', 'use', 'alg']
const keyNumbers = ['x', 'y', 'n', 'e']

const numberOf = (key: JsonObject) => (name: string) =>
  Buffer.from(String(key[name] ?? ''), 'base64url')
    .toString('hex')
    .replace(/^(00)+/, '')

const comparedMembers = [
  ...(['client_id', 'owner', 'client_name', 'client_uri', 'logo_uri', 'policy_uri'] as const),
  ...(['tos_uri', 'contacts', 'token_endpoint_auth_method', 'jwks_uri', 'grant_types'] as const),
  ...(['token_endpoint_auth_signing_alg', 'response_types', 'redirect_uris', 'scope'] as const),
  ...(['post_logout_redirect_uris', 'allowed_cors_origins', 'audience', 'subject_type'] as const),
  ...(['sector_identifier_uri', 'userinfo_signed_response_alg', 'request_uris'] as const),
  ...(['request_object_signing_alg', 'frontchannel_logout_uri'] as const),
  ...(['frontchannel_logout_session_required', 'backchannel_logout_uri'] as const),
  ...(['backchannel_logout_session_required', 'access_token_strategy'] as const),
  ...(['skip_consent', 'skip_logout_consent'] as const),
]
