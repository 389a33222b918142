import { list } from '../rules/list.ts'
import { redirectUri } from '../rules/redirect-uri.ts'
import { boolean, type Member } from '../rules/rule.ts'
import { supportedList } from '../rules/supported.ts'
import { responseAlgorithms } from './response-algorithms.ts'

/** Members of specifications that define only a few. */
export const extensions = {
  // UMA 2.0 Grant for OAuth 2.0 Authorization §2
  claims_redirect_uris: {
    rule: list(redirectUri, { max: ({ limits }) => limits.redirectUris }),
  },
  // ETSI GS NFV-SEC 022
  ...responseAlgorithms('nfv_token'),
  // RFC 9701 JWT Response for OAuth Token Introspection §6
  ...responseAlgorithms('introspection'),
  // JWT Secured Authorization Response Mode for OAuth 2.0 §3
  ...responseAlgorithms('authorization'),
  // RFC 9396 OAuth 2.0 Rich Authorization Requests §10
  authorization_details_types: { rule: supportedList('authorization_details_types_supported') },
  // Not registered with IANA: oidc-provider's name for the modes of OAuth 2.0 Multiple Response
  // Type Encoding Practices §2.1
  response_modes: { rule: supportedList('response_modes_supported') },
  // Not registered with IANA: marks a client without consent in Anvil Connect; the admission
  // decides who may set it
  trusted: { rule: boolean },
} satisfies Record<string, Member<unknown>>
