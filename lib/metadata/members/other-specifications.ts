import { list } from '../rules/list.ts'
import { redirectUri } from '../rules/redirect-uri.ts'
import { boolean, type Member, type MemberDocs } from '../rules/rule.ts'
import { supported, supportedList } from '../rules/supported.ts'

/** Members of specifications that define only a few. */
export const otherSpecifications = {
  // UMA 2.0 Grant for OAuth 2.0 Authorization §2
  claims_redirect_uris: {
    rule: list(redirectUri, { max: ({ limits }) => limits.redirectUris }),
  },
  // ETSI GS NFV-SEC 022
  nfv_token_signed_response_alg: { rule: supported('nfv_token_signing_alg_values_supported') },
  nfv_token_encrypted_response_alg: {
    rule: supported('nfv_token_encryption_alg_values_supported'),
  },
  nfv_token_encrypted_response_enc: {
    rule: supported('nfv_token_encryption_enc_values_supported'),
  },
  // RFC 9701 JWT Response for OAuth Token Introspection §6
  introspection_signed_response_alg: {
    rule: supported('introspection_signing_alg_values_supported'),
  },
  introspection_encrypted_response_alg: {
    rule: supported('introspection_encryption_alg_values_supported'),
  },
  introspection_encrypted_response_enc: {
    rule: supported('introspection_encryption_enc_values_supported'),
  },
  // JWT Secured Authorization Response Mode for OAuth 2.0 §3
  authorization_signed_response_alg: {
    rule: supported('authorization_signing_alg_values_supported'),
  },
  authorization_encrypted_response_alg: {
    rule: supported('authorization_encryption_alg_values_supported'),
  },
  authorization_encrypted_response_enc: {
    rule: supported('authorization_encryption_enc_values_supported'),
  },
  // RFC 9396 OAuth 2.0 Rich Authorization Requests §10
  authorization_details_types: { rule: supportedList('authorization_details_types_supported') },
  // Not registered with IANA: oidc-provider's name for the modes of OAuth 2.0 Multiple Response
  // Type Encoding Practices §2.1
  response_modes: { rule: supportedList('response_modes_supported') },
  // Not registered with IANA: marks a client without consent in Anvil Connect; the
  // authorization of the registration decides who may set it
  trusted: { rule: boolean },
} satisfies Record<string, Member<unknown>>

const nfv = 'ETSI GS NFV-SEC 022'
const introspection = 'RFC 9701 §6'
const jarm = 'JARM §3'

export const otherSpecificationsDocs = {
  claims_redirect_uris: { section: 'UMA 2.0 Grant §2' },
  nfv_token_signed_response_alg: { section: nfv },
  nfv_token_encrypted_response_alg: { section: nfv, omitted: 'no encryption' },
  nfv_token_encrypted_response_enc: { section: nfv, omitted: 'A128CBC-HS256 with the alg' },
  introspection_signed_response_alg: { section: introspection, omitted: 'RS256' },
  introspection_encrypted_response_alg: { section: introspection, omitted: 'no encryption' },
  introspection_encrypted_response_enc: {
    section: introspection,
    omitted: 'A128CBC-HS256 with the alg',
  },
  authorization_signed_response_alg: { section: jarm, omitted: 'RS256' },
  authorization_encrypted_response_alg: { section: jarm, omitted: 'no encryption' },
  authorization_encrypted_response_enc: { section: jarm, omitted: 'A128CBC-HS256 with the alg' },
  authorization_details_types: { section: 'RFC 9396 §10' },
  response_modes: {
    section: 'OAuth 2.0 Multiple Response Type Encoding Practices §2.1, in no registry',
    omitted: 'any',
  },
  trusted: { section: 'in no registry', omitted: 'false' },
} satisfies MemberDocs<typeof otherSpecifications>
