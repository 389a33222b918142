import { list } from '../rules/list.ts'
import { publicHttpsUri, publicWebUri } from '../rules/public-uri.ts'
import { boolean, type Member, type MemberDocs, oneOf, seconds } from '../rules/rule.ts'
import { supported, supportedList } from '../rules/supported.ts'
import { httpsUri } from '../rules/uri.ts'

/** OpenID Connect Dynamic Client Registration 1.0 §2 Client Metadata */
export const openidRegistration = {
  application_type: { rule: oneOf('web', 'native') },
  sector_identifier_uri: { rule: publicHttpsUri },
  subject_type: { rule: supported('subject_types_supported') },
  id_token_signed_response_alg: { rule: supported('id_token_signing_alg_values_supported') },
  id_token_encrypted_response_alg: { rule: supported('id_token_encryption_alg_values_supported') },
  id_token_encrypted_response_enc: { rule: supported('id_token_encryption_enc_values_supported') },
  userinfo_signed_response_alg: { rule: supported('userinfo_signing_alg_values_supported') },
  userinfo_encrypted_response_alg: { rule: supported('userinfo_encryption_alg_values_supported') },
  userinfo_encrypted_response_enc: { rule: supported('userinfo_encryption_enc_values_supported') },
  request_object_signing_alg: { rule: supported('request_object_signing_alg_values_supported') },
  request_object_encryption_alg: {
    rule: supported('request_object_encryption_alg_values_supported'),
  },
  request_object_encryption_enc: {
    rule: supported('request_object_encryption_enc_values_supported'),
  },
  token_endpoint_auth_signing_alg: {
    rule: supported('token_endpoint_auth_signing_alg_values_supported'),
  },
  default_max_age: { rule: seconds },
  require_auth_time: { rule: boolean },
  default_acr_values: { rule: supportedList('acr_values_supported') },
  initiate_login_uri: { rule: httpsUri },
  request_uris: { rule: list(publicWebUri, { max: ({ limits }) => limits.redirectUris }) },
} satisfies Record<string, Member<unknown>>

const openid = 'OpenID Connect Dynamic Client Registration 1.0 §2'

export const openidRegistrationDocs = {
  application_type: {
    section: openid,
    omitted: 'web, or native where codes are sent to a private-use scheme',
  },
  sector_identifier_uri: { section: openid },
  subject_type: { section: openid, omitted: 'public, unless the server does not support it' },
  id_token_signed_response_alg: {
    section: openid,
    omitted: 'RS256, unless the server does not support it',
  },
  id_token_encrypted_response_alg: { section: openid, omitted: 'no encryption' },
  id_token_encrypted_response_enc: { section: openid, omitted: 'A128CBC-HS256 with the alg' },
  userinfo_signed_response_alg: { section: openid, omitted: 'JSON without signature' },
  userinfo_encrypted_response_alg: { section: openid, omitted: 'no encryption' },
  userinfo_encrypted_response_enc: { section: openid, omitted: 'A128CBC-HS256 with the alg' },
  request_object_signing_alg: { section: openid, omitted: 'any that both support' },
  request_object_encryption_alg: { section: openid, omitted: 'undeclared' },
  request_object_encryption_enc: { section: openid, omitted: 'A128CBC-HS256 with the alg' },
  token_endpoint_auth_signing_alg: { section: openid, omitted: 'any that both support' },
  default_max_age: { section: openid },
  require_auth_time: { section: openid, omitted: 'false' },
  default_acr_values: { section: openid },
  initiate_login_uri: { section: openid },
  request_uris: { section: openid },
} satisfies MemberDocs<typeof openidRegistration>
