import type { Server } from './server.ts'

/** RFC 8414 §2 Authorization Server Metadata, as far as this service knows it; the rest comes from `settings.discovery`. */
export type ServerMetadata = Readonly<Record<string, unknown>>

/** RFC 8414 §3.2, OpenID Connect Discovery 1.0 §4.2: both documents hold the same members. */
export function serverMetadata({ settings, issuer, registrationEndpoint }: Server): ServerMetadata {
  const { grantTypes, responseTypes, tokenEndpointAuthMethods, scopes } = settings.metadata
  return {
    issuer,
    ...(settings.registration !== 'disabled' && { registration_endpoint: registrationEndpoint }),
    ...(scopes && { scopes_supported: scopes }),
    response_types_supported: responseTypes,
    grant_types_supported: grantTypes,
    token_endpoint_auth_methods_supported: tokenEndpointAuthMethods,
    ...settings.discovery,
  }
}
