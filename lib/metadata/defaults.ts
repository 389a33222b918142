import type { Settings } from '../settings/settings.ts'
import type { ClientMetadata, SentMetadata } from './client-metadata.ts'

/** RFC 7591 §2, OpenID Connect Dynamic Client Registration 1.0 §2: what an omitted member means. */
export function withDefaults(sent: SentMetadata, { metadata }: Settings): ClientMetadata {
  const grant_types = sent.grant_types ?? defaultGrantTypes(sent, metadata)
  const response_types =
    sent.response_types ?? (grant_types.includes('authorization_code') ? ['code'] : [])
  const methods = metadata.tokenEndpointAuthMethods
  const token_endpoint_auth_method =
    sent.token_endpoint_auth_method ??
    (methods.includes('client_secret_basic') ? 'client_secret_basic' : (methods[0] ?? 'none'))
  const application_type = sent.application_type ?? 'web'
  return withoutUnusable(
    {
      ...sent,
      application_type,
      token_endpoint_auth_method,
      grant_types,
      response_types,
    },
    metadata,
  )
}

/** `authorization_code`, unless the response types that were sent ask for other grants (RFC 7591 §2.1). */
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

/** The grant types that a response type needs (RFC 7591 §2.1, OAuth 2.0 Multiple Response Type Encoding Practices). */
export function grantsOf(response_type: string): readonly string[] {
  const parts = response_type.split(' ')
  const code = parts.includes('code') ? ['authorization_code'] : []
  const implicit = parts.includes('token') || parts.includes('id_token') ? ['implicit'] : []
  return [...code, ...implicit]
}

/** A public client cannot use client credentials (RFC 6749 §4.4): narrowed away where something else is left. */
function withoutUnusable(
  metadata: ClientMetadata,
  { unsupported }: Settings['metadata'],
): ClientMetadata {
  if (unsupported === 'refuse' || metadata.token_endpoint_auth_method !== 'none') return metadata
  const grant_types = metadata.grant_types.filter((grant) => grant !== 'client_credentials')
  return grant_types.length === 0 ? metadata : { ...metadata, grant_types }
}
