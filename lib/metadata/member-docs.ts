import type { members } from './client-metadata.ts'
import type { ChoiceName } from './members/rp-metadata-choices.ts'

type Entry = {
  /** The section that defines the member. */
  readonly section: string
  /** The meaning of an omitted member, in prose; by default, it has none. */
  readonly omitted?: string
}

type ServerMember =
  | 'client_id'
  | 'client_secret'
  | 'client_id_issued_at'
  | 'client_secret_expires_at'
  | 'registration_access_token'
  | 'registration_client_uri'
  | 'registration_access_token_expires_in'

const rfc7591 = { section: 'RFC 7591 §2' }
const openid = { section: 'OpenID Connect Dynamic Client Registration 1.0 §2' }
const certificate = { section: 'RFC 8705 §2.1.2' }
const frontChannel = { section: 'OpenID Connect Front-Channel Logout 1.0 §2' }
const backChannel = { section: 'OpenID Connect Back-Channel Logout 1.0 §2.2' }
const informational = { section: 'OpenID Federation 1.0 §5.2.2' }
const nfv = { section: 'ETSI GS NFV-SEC 022' }
const introspection = { section: 'RFC 9701 §6' }
const jarm = { section: 'JARM §3' }
const ciba = { section: 'CIBA Core 1.0 §4' }
const choices = { section: 'RP Metadata Choices 1.0 §2', omitted: 'no choice is offered' }
const issued = { section: 'RFC 7591 §3.2.1', omitted: 'set by the server' }
const managed = { section: 'RFC 7592 §3', omitted: 'set by the server' }

const off = { omitted: 'false' }
const unencrypted = { omitted: 'no encryption' }
const content = { omitted: 'A128CBC-HS256 with the alg' }
const anyAlgorithm = { omitted: 'any that both support' }

/**
 * For each member, its defining section and its meaning when omitted: the columns of reference.md
 * that the rules do not provide.
 */
export const memberDocs = {
  redirect_uris: rfc7591,
  token_endpoint_auth_method: {
    ...rfc7591,
    omitted:
      'client_secret_basic, or the first that the server supports; none for native clients, by setting',
  },
  grant_types: { ...rfc7591, omitted: 'authorization_code, or what the response types need' },
  response_types: { ...rfc7591, omitted: 'code with authorization_code, else none' },
  client_name: rfc7591,
  client_uri: rfc7591,
  logo_uri: rfc7591,
  scope: rfc7591,
  contacts: rfc7591,
  tos_uri: rfc7591,
  policy_uri: rfc7591,
  jwks_uri: rfc7591,
  jwks: rfc7591,
  software_id: rfc7591,
  software_version: rfc7591,
  software_statement: { section: 'RFC 7591 §2.3, §3.1.1' },
  client_id: issued,
  client_secret: issued,
  client_id_issued_at: issued,
  client_secret_expires_at: issued,
  registration_access_token: managed,
  registration_client_uri: managed,
  registration_access_token_expires_in: { ...managed, section: 'in no registry' },
  application_type: {
    ...openid,
    omitted: 'web, or native where codes are sent to a private-use scheme',
  },
  sector_identifier_uri: openid,
  subject_type: { ...openid, omitted: 'public, unless the server does not support it' },
  id_token_signed_response_alg: {
    ...openid,
    omitted: 'RS256, unless the server does not support it',
  },
  id_token_encrypted_response_alg: { ...openid, ...unencrypted },
  id_token_encrypted_response_enc: { ...openid, ...content },
  userinfo_signed_response_alg: { ...openid, omitted: 'JSON without signature' },
  userinfo_encrypted_response_alg: { ...openid, ...unencrypted },
  userinfo_encrypted_response_enc: { ...openid, ...content },
  request_object_signing_alg: { ...openid, ...anyAlgorithm },
  request_object_encryption_alg: { ...openid, omitted: 'undeclared' },
  request_object_encryption_enc: { ...openid, ...content },
  token_endpoint_auth_signing_alg: { ...openid, ...anyAlgorithm },
  default_max_age: openid,
  require_auth_time: { ...openid, ...off },
  default_acr_values: openid,
  initiate_login_uri: openid,
  request_uris: openid,
  claims_redirect_uris: { section: 'UMA 2.0 Grant §2' },
  nfv_token_signed_response_alg: nfv,
  nfv_token_encrypted_response_alg: { ...nfv, ...unencrypted },
  nfv_token_encrypted_response_enc: { ...nfv, ...content },
  tls_client_certificate_bound_access_tokens: { section: 'RFC 8705 §3.4', ...off },
  tls_client_auth_subject_dn: certificate,
  tls_client_auth_san_dns: certificate,
  tls_client_auth_san_uri: certificate,
  tls_client_auth_san_ip: certificate,
  tls_client_auth_san_email: certificate,
  require_signed_request_object: {
    section: 'RFC 9101 §10.5',
    omitted: 'false, or true where the server requires it',
  },
  require_pushed_authorization_requests: {
    section: 'RFC 9126 §6',
    omitted: 'false, or true where the server requires it',
  },
  introspection_signed_response_alg: { ...introspection, omitted: 'RS256' },
  introspection_encrypted_response_alg: { ...introspection, ...unencrypted },
  introspection_encrypted_response_enc: { ...introspection, ...content },
  frontchannel_logout_uri: frontChannel,
  frontchannel_logout_session_required: { ...frontChannel, ...off },
  backchannel_logout_uri: backChannel,
  backchannel_logout_session_required: { ...backChannel, ...off },
  post_logout_redirect_uris: { section: 'OpenID Connect RP-Initiated Logout 1.0 §3.1' },
  authorization_details_types: { section: 'RFC 9396 §10' },
  dpop_bound_access_tokens: { section: 'RFC 9449 §5.2', ...off },
  client_registration_types: { section: 'OpenID Federation 1.0 §5.1.2' },
  signed_jwks_uri: { section: 'OpenID Federation 1.0 §5.2.1' },
  organization_name: informational,
  description: informational,
  keywords: informational,
  information_uri: informational,
  organization_uri: informational,
  use_mtls_endpoint_aliases: { section: 'FAPI 2.0 Security Profile §5.2.2.1.1', ...off },
  encrypted_response_enc_values_supported: { section: 'OpenID4VP 1.0 §5.1', omitted: 'A128GCM' },
  vp_formats_supported: { section: 'OpenID4VP 1.0 §11.1' },
  authorization_signed_response_alg: { ...jarm, omitted: 'RS256' },
  authorization_encrypted_response_alg: { ...jarm, ...unencrypted },
  authorization_encrypted_response_enc: { ...jarm, ...content },
  backchannel_token_delivery_mode: ciba,
  backchannel_client_notification_endpoint: ciba,
  backchannel_authentication_request_signing_alg: { ...ciba, omitted: 'unsigned requests' },
  backchannel_user_code_parameter: { ...ciba, ...off },
  subject_types_supported: choices,
  id_token_signing_alg_values_supported: choices,
  id_token_encryption_alg_values_supported: choices,
  id_token_encryption_enc_values_supported: choices,
  userinfo_signing_alg_values_supported: choices,
  userinfo_encryption_alg_values_supported: choices,
  userinfo_encryption_enc_values_supported: choices,
  request_object_signing_alg_values_supported: choices,
  request_object_encryption_alg_values_supported: choices,
  request_object_encryption_enc_values_supported: choices,
  token_endpoint_auth_methods_supported: choices,
  token_endpoint_auth_signing_alg_values_supported: choices,
  backchannel_authentication_request_signing_alg_values_supported: choices,
  authorization_signing_alg_values_supported: choices,
  authorization_encryption_alg_values_supported: choices,
  authorization_encryption_enc_values_supported: choices,
  introspection_signing_alg_values_supported: choices,
  introspection_encryption_alg_values_supported: choices,
  introspection_encryption_enc_values_supported: choices,
  credential_offer_endpoint: { section: 'OpenID4VCI 1.0 §12.1' },
  response_modes: {
    section: 'OAuth 2.0 Multiple Response Type Encoding Practices §2.1, in no registry',
    omitted: 'any',
  },
  trusted: { section: 'in no registry', ...off },
} as const satisfies Record<keyof typeof members | ServerMember | ChoiceName, Entry>

export type MemberName = keyof typeof memberDocs
