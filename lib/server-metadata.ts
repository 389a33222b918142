import { listNames } from './metadata/supported-lists.ts'
import { publishedValues } from './metadata/supported-values.ts'
import type { ServerConfig } from './server.ts'

/**
 * RFC 8414 §2 Authorization Server Metadata. This service generates the members that it knows; the
 * rest comes from `settings.discovery`.
 */
export type ServerMetadata = Readonly<Record<string, unknown>>

/**
 * RFC 8414 §3.2, OpenID Connect Discovery 1.0 §4.2: both documents have the same members. The
 * published values are those that client metadata is validated against; "Claims with zero elements
 * MUST be omitted from the response."
 */
export function serverMetadata({
  settings,
  issuer,
  registrationEndpoint,
}: ServerConfig): ServerMetadata {
  const supported = listNames
    .map((name) => [name, publishedValues(name, settings)] as const)
    .filter(([, values]) => values !== undefined && values.length > 0)
  const { metadata, registration, approval } = settings
  const flags = Object.entries({
    backchannel_user_code_parameter_supported: metadata.backchannelUserCodeParameter,
    require_signed_request_object: metadata.requireSignedRequestObject,
    require_pushed_authorization_requests: metadata.requirePushedAuthorizationRequests,
  }).filter(([, set]) => set)
  return {
    ...settings.discovery,
    issuer,
    ...(registration !== 'disabled' && {
      registration_endpoint: registrationEndpoint,
      // draft-dellaert-oauth-approval-based-dcr-00 §5
      ...(approval === 'draft' && { registration_modes_supported: ['immediate', 'approval'] }),
    }),
    ...Object.fromEntries(supported),
    ...Object.fromEntries(flags),
  }
}
