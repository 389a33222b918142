import type { Check } from './check.ts'
import { confidentialGrants, grantsOf } from './grants.ts'
import { publicJwks } from './jwks.ts'
import { list } from './list.ts'
import { publicHttpsUri, publicWebUri } from './public-uri.ts'
import { redirectUri, redirectUrisProblem } from './redirect-uri.ts'
import { asText, type Member, Refused, type Rule, text } from './rule.ts'
import { scopeTokens } from './scope-tokens.ts'
import { someSupported, supported } from './supported.ts'
import { webUri } from './uri.ts'

const scopes = someSupported('scopes_supported')

/** RFC 6749 §3.3: scope tokens, registered with single spaces between them; none is an omitted scope. */
const scope: Rule<string> = {
  expects: 'scope tokens separated by spaces, in one string, not a list',
  parse(value, settings) {
    const sent = asText(value, settings)
    const tokens = sent === undefined ? undefined : scopeTokens(sent)
    if (!tokens?.every((token) => /^[\x21\x23-\x5B\x5D-\x7E]+$/.test(token)))
      throw new Refused(`expected ${scope.expects}`)
    return tokens.length === 0 ? undefined : scopes.parse(tokens, settings)?.join(' ')
  },
}

const grants = someSupported('grant_types_supported')

/** What is left of narrowed grant types must be of use: refreshing alone begins nothing. */
const grantTypes: Rule<readonly string[]> = {
  expects: grants.expects,
  parse(value, settings) {
    const kept = grants.parse(value, settings) ?? []
    const narrowed = Array.isArray(value) && kept.length < new Set(value).size
    if (narrowed && kept.every((grant) => grant === 'refresh_token'))
      throw new Refused(`none is supported; supported: ${settings.metadata.grantTypes.join(', ')}`)
    return kept
  },
}

/** OAuth 2.0 Multiple Response Type Encoding Practices §3: the order of the words has no meaning. */
const words = (responseType: string): string => responseType.split(' ').sort().join(' ')

/** RFC 7591 §2 Client Metadata */
export const clientRegistration = {
  redirect_uris: {
    rule: list(redirectUri, { most: ({ limits }) => limits.redirectUris }),
    code: 'invalid_redirect_uri',
  } satisfies Member<readonly string[]>,
  token_endpoint_auth_method: {
    rule: supported('token_endpoint_auth_methods_supported', { narrowed: true }),
  },
  grant_types: { rule: grantTypes },
  response_types: { rule: someSupported('response_types_supported', words) },
  client_name: { rule: text, tagged: true },
  client_uri: { rule: webUri, tagged: true },
  logo_uri: { rule: publicWebUri, tagged: true },
  scope: { rule: scope },
  contacts: { rule: list(text, { most: () => 10 }) },
  tos_uri: { rule: webUri, tagged: true },
  policy_uri: { rule: webUri, tagged: true },
  jwks_uri: { rule: publicHttpsUri },
  jwks: { rule: publicJwks },
  software_id: { rule: text },
  software_version: { rule: text },
} satisfies Record<string, Member<unknown>>

export const clientRegistrationChecks = {
  /** RFC 7591 §2.1: the two lists agree in both directions. */
  grantsMatchResponseTypes({ grant_types, response_types }) {
    const needed = response_types.flatMap(grantsOf)
    const missing = needed.find((grant) => !grant_types.includes(grant))
    if (missing !== undefined) return `grant_types: the response types need ${missing}`
    const unused = grant_types.find(
      (grant) =>
        (grant === 'authorization_code' || grant === 'implicit') && !needed.includes(grant),
    )
    return unused && `response_types: ${unused} needs a response type of its own`
  },
  /** RFC 7591 §2: "Clients using flows with redirection MUST register their redirection URI values." */
  redirectUrisForRedirects: ({ response_types, redirect_uris = [] }) =>
    response_types.length > 0 && redirect_uris.length === 0
      ? 'redirect_uris: expected at least one for these grant types'
      : undefined,
  /** RFC 8252 §7, OpenID Connect Dynamic Client Registration 1.0 §2: schemes and hosts by application_type. */
  redirectUrisForApplication: (metadata, settings) =>
    redirectUrisProblem('redirect_uris', metadata, settings),
  /** RFC 7591 §2: "The jwks_uri and jwks parameters MUST NOT both be present in the same request or response." */
  oneSourceOfKeys: ({ jwks, jwks_uri }) =>
    jwks && jwks_uri ? 'jwks: expected either jwks or jwks_uri, not both' : undefined,
  /** RFC 6749 §4.4: "The client credentials grant type MUST only be used by confidential clients." CIBA Core 1.0 §7.1. */
  confidentialGrants({ token_endpoint_auth_method, grant_types }) {
    if (token_endpoint_auth_method !== 'none') return undefined
    const grant = grant_types.find((name) => confidentialGrants.includes(name))
    return grant && `grant_types: ${grant} needs a token_endpoint_auth_method other than none`
  },
} satisfies Record<string, Check>
