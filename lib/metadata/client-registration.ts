import { publicJwks } from './jwks.ts'
import { redirectUri } from './redirect-uri.ts'
import {
  list,
  type Member,
  oneOf,
  Refused,
  type Rule,
  someSupported,
  supported,
  text,
} from './rule.ts'
import { httpsUri, webUri } from './uri.ts'

const section = 'RFC 7591 §2'

const scopes = someSupported(({ metadata }) => metadata.scopes, 'metadata.scopes')

/** RFC 6749 §3.3: scope tokens separated by single spaces. */
const scope: Rule<string> = {
  expects: 'scope tokens separated by spaces, in one string',
  parse(value, settings) {
    const sent = text.parse(value, settings)
    const tokens = sent?.split(' ') ?? []
    if (!tokens.every((token) => /^[\x21\x23-\x5B\x5D-\x7E]+$/.test(token)))
      throw new Refused(`expected ${scope.expects}`)
    return scopes.parse(tokens, settings)?.join(' ')
  },
}

/** RFC 7591 §2 Client Metadata, and `application_type` of OpenID Connect Dynamic Client Registration 1.0 §2. */
export const clientRegistration = {
  redirect_uris: {
    section,
    rule: list(redirectUri, { most: ({ limits }) => limits.redirectUris }),
    code: 'invalid_redirect_uri',
  } satisfies Member<readonly string[]>,
  token_endpoint_auth_method: {
    section,
    rule: supported(
      ({ metadata }) => metadata.tokenEndpointAuthMethods,
      'metadata.tokenEndpointAuthMethods',
    ),
  },
  grant_types: {
    section,
    rule: someSupported(({ metadata }) => metadata.grantTypes, 'metadata.grantTypes'),
  },
  response_types: {
    section,
    rule: someSupported(({ metadata }) => metadata.responseTypes, 'metadata.responseTypes'),
  },
  client_name: { section, rule: text },
  client_uri: { section, rule: webUri },
  logo_uri: { section, rule: webUri },
  scope: { section, rule: scope },
  contacts: { section, rule: list(text, { most: () => 10 }) },
  tos_uri: { section, rule: webUri },
  policy_uri: { section, rule: webUri },
  jwks_uri: { section, rule: httpsUri },
  jwks: { section, rule: publicJwks },
  software_id: { section, rule: text },
  software_version: { section, rule: text },
  application_type: {
    section: 'OpenID Connect Dynamic Client Registration 1.0 §2',
    rule: oneOf('web', 'native'),
  },
} satisfies Record<string, Member<unknown>>
