import { publicJwks } from '../rules/jwks.ts'
import { list } from '../rules/list.ts'
import { publicHttpsUri, publicWebUri } from '../rules/public-uri.ts'
import { redirectUri } from '../rules/redirect-uri.ts'
import {
  InvalidValue,
  type Member,
  type MemberDocs,
  parseText,
  type Rule,
  text,
} from '../rules/rule.ts'
import { isScopeToken, scopeTokens } from '../rules/scope-tokens.ts'
import { supported, supportedList } from '../rules/supported.ts'
import { httpUri } from '../rules/uri.ts'

const scopes = supportedList('scopes_supported')

/**
 * RFC 6749 §3.3: scope tokens, stored with single spaces between them. An empty scope counts as
 * omitted.
 */
const scope: Rule<string> = {
  expects: 'scope tokens separated by spaces, in one string, not a list',
  parse(value, settings) {
    const sent = parseText(value, settings)
    const tokens = sent === undefined ? undefined : scopeTokens(sent)
    if (!tokens?.every(isScopeToken)) throw new InvalidValue(`expected ${scope.expects}`)
    return tokens.length === 0 ? undefined : scopes.parse(tokens, settings)?.join(' ')
  },
}

const grants = supportedList('grant_types_supported')

/**
 * The grant types that remain after narrowing must be usable: a refresh token grant alone cannot
 * obtain a first token.
 */
const grantTypes: Rule<readonly string[]> = {
  ...grants,
  parse(value, settings) {
    const kept = grants.parse(value, settings) ?? []
    const narrowed = Array.isArray(value) && kept.length < new Set(value).size
    if (narrowed && kept.every((grant) => grant === 'refresh_token'))
      throw new InvalidValue(
        `none is supported; supported: ${settings.metadata.grantTypes.join(', ')}`,
      )
    return kept
  },
}

/**
 * OAuth 2.0 Multiple Response Type Encoding Practices §3: the order of the values is not
 * significant.
 */
const words = (responseType: string): string => responseType.split(' ').sort().join(' ')

/** RFC 7591 §2 Client Metadata */
export const clientRegistration = {
  redirect_uris: {
    rule: list(redirectUri, { max: ({ limits }) => limits.redirectUris }),
    code: 'invalid_redirect_uri',
  } satisfies Member<readonly string[]>,
  token_endpoint_auth_method: {
    rule: supported('token_endpoint_auth_methods_supported', { dropUnsupported: true }),
  },
  grant_types: { rule: grantTypes },
  response_types: { rule: supportedList('response_types_supported', words) },
  client_name: { rule: text, tagged: true },
  client_uri: { rule: httpUri, tagged: true },
  logo_uri: { rule: publicWebUri, tagged: true },
  scope: { rule: scope },
  contacts: { rule: list(text, { max: () => 10 }) },
  tos_uri: { rule: httpUri, tagged: true },
  policy_uri: { rule: httpUri, tagged: true },
  jwks_uri: { rule: publicHttpsUri },
  jwks: { rule: publicJwks },
  software_id: { rule: text },
  software_version: { rule: text },
} satisfies Record<string, Member<unknown>>

const rfc7591 = 'RFC 7591 §2'

export const clientRegistrationDocs = {
  redirect_uris: { section: rfc7591 },
  token_endpoint_auth_method: {
    section: rfc7591,
    omitted:
      'client_secret_basic, or the first that the server supports; none for native clients, by setting',
  },
  grant_types: { section: rfc7591, omitted: 'authorization_code, or what the response types need' },
  response_types: { section: rfc7591, omitted: 'code with authorization_code, else none' },
  client_name: { section: rfc7591 },
  client_uri: { section: rfc7591 },
  logo_uri: { section: rfc7591 },
  scope: { section: rfc7591 },
  contacts: { section: rfc7591 },
  tos_uri: { section: rfc7591 },
  policy_uri: { section: rfc7591 },
  jwks_uri: { section: rfc7591 },
  jwks: { section: rfc7591 },
  software_id: { section: rfc7591 },
  software_version: { section: rfc7591 },
} satisfies MemberDocs<typeof clientRegistration>
