import type { ClientMetadata } from '../metadata/client-metadata.ts'
import { type ActiveClient, activeClient, type ClientItem, currentTime } from './active-client.ts'
import { specDefaults } from './defaults.ts'

/**
 * A registered client: the members of the client information response (RFC 7591 §3.2.1) without
 * its credentials. Members have the names and types of client metadata (RFC 7591 §2). A member in
 * another language is named `client_name#fr` (§2.2).
 */
export type Client = Identity & DefaultedMetadata & Omit<ClientMetadata, keyof DefaultedMetadata>

type Identity = {
  /** RFC 7591 §3.2.1: 1 to 255 printable ASCII characters. */
  readonly client_id: string
  /** RFC 7591 §3.2.1: Unix seconds. */
  readonly client_id_issued_at: number
  /** RFC 7591 §3.2.1: Unix seconds, 0 for never; omitted if the client has no secret. */
  readonly client_secret_expires_at?: number
}

/** Members that are always set, because their specification defines a default. */
type DefaultedMetadata = {
  /** RFC 7591 §2: how the client authenticates at the token endpoint; `none` if it is public. */
  readonly token_endpoint_auth_method: string
  /** RFC 7591 §2: the grant types that the client may use. */
  readonly grant_types: readonly string[]
  /** RFC 7591 §2: the response types that the client may use; empty if it never redirects. */
  readonly response_types: readonly string[]
  /** OpenID Connect Dynamic Client Registration 1.0 §2; see RFC 8252 §7.3 for `native`. */
  readonly application_type: 'web' | 'native'
  /** OpenID Connect Dynamic Client Registration 1.0 §2: `public` or `pairwise`. */
  readonly subject_type: string
  /** OpenID Connect Dynamic Client Registration 1.0 §2: the JWS `alg` of ID tokens. */
  readonly id_token_signed_response_alg: string
  /** OpenID Connect Dynamic Client Registration 1.0 §2: ID tokens need `auth_time`. */
  readonly require_auth_time: boolean
  /** RFC 8705 §3.4: access tokens are bound to the client certificate. */
  readonly tls_client_certificate_bound_access_tokens: boolean
  /** RFC 9101 §10.5: reject authorization requests without a signed request object. */
  readonly require_signed_request_object: boolean
  /** RFC 9126 §6: reject authorization requests that were not pushed. */
  readonly require_pushed_authorization_requests: boolean
  /** RFC 9701 §6: the JWS `alg` of introspection responses in JWT form. */
  readonly introspection_signed_response_alg: string
  /** OpenID Connect Front-Channel Logout 1.0 §2: send `iss` and `sid`. */
  readonly frontchannel_logout_session_required: boolean
  /** OpenID Connect Back-Channel Logout 1.0 §2.2: logout tokens need `sid`. */
  readonly backchannel_logout_session_required: boolean
  /** RFC 9449 §5.2: access tokens are bound to a DPoP key. */
  readonly dpop_bound_access_tokens: boolean
  /** FAPI 2.0 Security Profile §5.2.2.1.1: the client uses the `mtls_endpoint_aliases`. */
  readonly use_mtls_endpoint_aliases: boolean
  /** OpenID4VP 1.0 §5.1: the JWE `enc` values that a verifier supports. */
  readonly encrypted_response_enc_values_supported: readonly string[]
  /** JARM §3: the JWS `alg` of authorization responses in JWT form. */
  readonly authorization_signed_response_alg: string
  /** CIBA Core 1.0 §4: the client sends `user_code`. */
  readonly backchannel_user_code_parameter: boolean
}

/**
 * Maps a client's item to the client, with the default of each omitted member. Undefined if the
 * client must be rejected (`rejectionOf`): there is no item, it is disabled or stale, it has expired,
 * or its item is of a newer schema than this version knows. `now` is in Unix seconds.
 */
export function clientOf(item: ClientItem | undefined, now = currentTime()): Client | undefined {
  const client = activeClient(item, now)
  return client && { ...specDefaults, ...client.metadata, ...identityOf(client) }
}

/** The members that the service assigns. */
export const identityOf = ({
  client_id,
  client_id_issued_at,
  client_secret_expires_at,
}: ActiveClient): Identity => ({
  client_id,
  client_id_issued_at,
  ...(client_secret_expires_at !== undefined && { client_secret_expires_at }),
})
