/**
 * What an omitted member means by its specification. `token_endpoint_auth_method`, `grant_types`,
 * `response_types`, `application_type` and each `…_enc` beside its `…_alg` are always stored, and
 * so are values that the service registers where it does not support a default.
 */
export const specDefaults = {
  // OpenID Connect Dynamic Client Registration 1.0 §2
  subject_type: 'public',
  id_token_signed_response_alg: 'RS256',
  require_auth_time: false,
  // RFC 8705 §3.4
  tls_client_certificate_bound_access_tokens: false,
  // RFC 9101 §10.5
  require_signed_request_object: false,
  // RFC 9126 §6
  require_pushed_authorization_requests: false,
  // RFC 9701 §6
  introspection_signed_response_alg: 'RS256',
  // OpenID Connect Front-Channel Logout 1.0 §2, Back-Channel Logout 1.0 §2.2
  frontchannel_logout_session_required: false,
  backchannel_logout_session_required: false,
  // RFC 9449 §5.2
  dpop_bound_access_tokens: false,
  // FAPI 2.0 Security Profile §5.2.2.1.1
  use_mtls_endpoint_aliases: false,
  // OpenID4VP 1.0 §5.1
  encrypted_response_enc_values_supported: ['A128GCM'],
  // JARM §3
  authorization_signed_response_alg: 'RS256',
  // CIBA Core 1.0 §4
  backchannel_user_code_parameter: false,
} as const
