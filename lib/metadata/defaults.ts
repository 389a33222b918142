import type { Settings } from '../settings/schema.ts'
import { symmetricUses } from './checks/algorithms.ts'
import type { ClientMetadata, SentMetadata } from './client-metadata.ts'
import { confidentialGrants, grantsOf } from './grants.ts'
import { certificateSubjects } from './members/mutual-tls.ts'
import { isLoopbackRedirect } from './rules/loopback.ts'
import { hasPrivateUseScheme } from './rules/redirect-uri.ts'
import { type ListName, listsWith, supportedLists } from './supported-lists.ts'
import { supportedValues } from './supported-values.ts'

/**
 * RFC 7591 §2, OpenID Connect Dynamic Client Registration 1.0 §2: the defaults of omitted members.
 * A default is registered only if it adds information to the specification's own (decision 0010).
 */
export function withDefaults(sent: SentMetadata, settings: Settings): ClientMetadata {
  const { metadata } = settings
  const grant_types = withNeededGrants(sent, metadata) ?? defaultGrantTypes(sent, metadata)
  const response_types =
    sent.response_types ?? (grant_types.includes('authorization_code') ? ['code'] : [])
  const application_type =
    sent.application_type ?? defaultApplicationType(sent, grant_types, settings)
  const token_endpoint_auth_method =
    sent.token_endpoint_auth_method ??
    defaultMethod({ ...sent, application_type, grant_types }, metadata)
  return dropUnusable(
    {
      ...sent,
      application_type,
      token_endpoint_auth_method,
      grant_types,
      response_types,
      ...contentDefaults(sent, settings),
      ...nonDefaultValues(sent, response_types, settings),
      ...(metadata.requireSignedRequestObject && { require_signed_request_object: true }),
      ...(metadata.requirePushedAuthorizationRequests && {
        require_pushed_authorization_requests: true,
      }),
    },
    metadata,
  )
}

/**
 * RFC 7591 §2.1: adds the grants that the response types require. The server supports them if it
 * supports the response types. Clients omit or misspell these grants. With 'narrow', they are
 * added, and the response shows it.
 */
function withNeededGrants(
  { grant_types, response_types = [] }: SentMetadata,
  { unsupported }: Settings['metadata'],
): readonly string[] | undefined {
  if (grant_types === undefined || unsupported === 'refuse') return grant_types
  return [...new Set([...grant_types, ...response_types.flatMap(grantsOf)])]
}

/**
 * `authorization_code`, unless the requested response types require other grants (RFC 7591 §2.1).
 */
function defaultGrantTypes(
  { response_types }: SentMetadata,
  { grantTypes }: Settings['metadata'],
): readonly string[] {
  if (response_types === undefined || response_types.length === 0)
    return grantTypes.includes('authorization_code')
      ? ['authorization_code']
      : grantTypes.slice(0, 1)
  return grantTypes.filter((grant) => response_types.some((type) => grantsOf(type).includes(grant)))
}

/**
 * `web`, unless codes go to a private-use scheme, which only native applications can receive (RFC
 * 8252 §7.1), or to the loopback port of a client that may be shared.
 */
function defaultApplicationType(
  sent: SentMetadata,
  grant_types: readonly string[],
  settings: Settings,
): 'native' | 'web' {
  if (grant_types.includes('implicit')) return 'web'
  const isNative = hasPrivateUseScheme(sent.redirect_uris ?? []) || sharesLoopback(sent, settings)
  return isNative ? 'native' : 'web'
}

/**
 * RFC 8252 §7.3: authorization servers ignore the port of a loopback redirect URI of a native
 * application, which shared clients need.
 */
function sharesLoopback(
  { token_endpoint_auth_method, redirect_uris = [] }: SentMetadata,
  { sharing, metadata }: Settings,
): boolean {
  if (sharing === 'off' || token_endpoint_auth_method !== 'none') return false
  const isWeb = (uri: string) => uri.startsWith('https:')
  return (
    redirect_uris.some(isLoopbackRedirect) &&
    (metadata.redirectUris.claimedHttps || !redirect_uris.some(isWeb))
  )
}

/**
 * RFC 7591 §2: `client_secret_basic`. Native clients cannot keep a secret (RFC 8252 §8.5), so
 * settings may make them public.
 */
function defaultMethod(
  { application_type, grant_types = [], ...sent }: SentMetadata,
  { publicNativeClients, tokenEndpointAuthMethods: methods }: Settings['metadata'],
): string {
  const needsSecret =
    grant_types.some((grant) => confidentialGrants.includes(grant)) ||
    symmetricUses(sent).length > 0
  if (publicNativeClients && application_type === 'native' && !needsSecret) return 'none'
  return methods.includes('client_secret_basic') ? 'client_secret_basic' : (methods[0] ?? 'none')
}

/**
 * "If …_alg is specified, the default …_enc value is A128CBC-HS256", or the server's first value if
 * it does not support that one.
 */
function contentDefaults(sent: SentMetadata, settings: Settings): SentMetadata {
  const values = listsWith('alg').flatMap((name) => {
    const { member, alg } = supportedLists[name]
    const missing = sent[alg] !== undefined && sent[member] === undefined
    const specDefault = 'A128CBC-HS256'
    return missing
      ? [[member, defaultOrFirst(name, specDefault, settings) ?? specDefault] as const]
      : []
  })
  return Object.fromEntries(values)
}

const defaultOrFirst = (name: ListName, specDefault: string, settings: Settings) => {
  const values = supportedValues(name, settings)
  return values === undefined || values.includes(specDefault) ? specDefault : values[0]
}

/**
 * If the server does not support a specification's default, the value that applies instead is
 * registered.
 */
function nonDefaultValues(
  sent: SentMetadata,
  response_types: readonly string[],
  settings: Settings,
): SentMetadata {
  if (response_types.length === 0) return {}
  const values = listsWith('specDefault').flatMap((name) => {
    const { member, specDefault } = supportedLists[name]
    const value = defaultOrFirst(name, specDefault, settings)
    return sent[member] === undefined && value !== undefined && value !== specDefault
      ? [[member, value] as const]
      : []
  })
  return Object.fromEntries(values)
}

/**
 * Drops what the client cannot use: the certificate subject without tls_client_auth. With 'narrow',
 * also a grant for confidential clients (if another remains), and an assertion algorithm that does
 * not fit the method.
 */
function dropUnusable(
  metadata: ClientMetadata,
  { unsupported }: Settings['metadata'],
): ClientMetadata {
  const { token_endpoint_auth_method: method } = metadata
  const unusable: string[] = method === 'tls_client_auth' ? [] : [...certificateSubjects]
  const narrows = unsupported === 'narrow'
  if (narrows && !method.endsWith('_jwt')) unusable.push('token_endpoint_auth_signing_alg')
  const kept = unusable.some((name) => name in metadata) ? without(metadata, unusable) : metadata
  if (!narrows || method !== 'none') return kept
  const grant_types = kept.grant_types.filter((grant) => !confidentialGrants.includes(grant))
  return grantsTokens(grant_types) ? { ...kept, grant_types } : kept
}

const without = (metadata: ClientMetadata, names: readonly string[]): ClientMetadata =>
  Object.fromEntries(
    Object.entries(metadata).filter(([name]) => !names.includes(name)),
  ) as ClientMetadata // `names` has no required member

/** A refresh token grant alone cannot obtain a first token. */
const grantsTokens = (grant_types: readonly string[]) =>
  grant_types.some((grant) => grant !== 'refresh_token')
