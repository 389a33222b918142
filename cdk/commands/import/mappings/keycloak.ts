import { isPlainObject, type JsonObject, ownValue } from '../../../../lib/json.ts'
import { omitUndefined } from '../../../../lib/omit-undefined.ts'
import { importedClientId, isMeaningful, type Mapping, parseSeconds } from '../mapping.ts'
import { keycloakAttributes } from './keycloak-attributes.ts'

/** Clients that every realm has for Keycloak itself. */
const builtIn = new Set([
  'account',
  'account-console',
  'admin-cli',
  'broker',
  'master-realm',
  'realm-management',
  'security-admin-console',
])

/** Scopes through which Keycloak itself fills its tokens: no client asks for them. */
const internalScopes = new Set(['acr', 'basic', 'roles', 'web-origins', 'service_account'])

const methods: Readonly<Record<string, string>> = {
  'client-secret': 'client_secret_basic',
  'client-secret-jwt': 'client_secret_jwt',
  'client-jwt': 'private_key_jwt',
  'client-x509': 'tls_client_auth',
}

/** Members that are mapped below, or that say nothing that a client could notice. */
const read = new Set([
  'id',
  'clientId',
  'name',
  'secret',
  'enabled',
  'protocol',
  'publicClient',
  'clientAuthenticatorType',
  'redirectUris',
  'rootUrl',
  'baseUrl',
  'standardFlowEnabled',
  'implicitFlowEnabled',
  'directAccessGrantsEnabled',
  'serviceAccountsEnabled',
  'defaultClientScopes',
  'optionalClientScopes',
  'attributes',
  'access',
  'frontchannelLogout',
  'bearerOnly',
  'notBefore',
  'nodeReRegistrationTimeout',
])

/**
 * Maps a ClientRepresentation of Keycloak: of a realm export, or of its admin API. A secret that the
 * export masks with asterisks is none.
 */
export const mapKeycloakClient: Mapping = (record) => {
  const { clientId, protocol, bearerOnly, secret } = record
  const id = typeof clientId === 'string' ? clientId : undefined
  const skip = (skipped: string) => ({ skipped, client_id: id })
  if (id !== undefined && builtIn.has(id)) return skip('a client of Keycloak itself')
  if (protocol !== undefined && protocol !== 'openid-connect')
    return skip(`a client of ${protocol === 'saml' ? 'SAML' : 'another protocol'}`)
  if (bearerOnly === true) return skip('a resource server (bearerOnly)')
  const client_id = importedClientId(clientId, 'clientId')
  const attributes = isPlainObject(record.attributes) ? record.attributes : {}
  const fromAttributes = keycloakAttributes(attributes, record.frontchannelLogout === true)
  const redirects = redirectUris(record)
  const isMasked = typeof secret === 'string' && /^\*+$/.test(secret)
  const others = Object.keys(record).filter((name) => !read.has(name) && isMeaningful(record[name]))
  const grants = grantTypes(record, attributes)
  return {
    client_id,
    metadata: omitUndefined({
      ...fromAttributes.metadata,
      client_name: textOf(record.name),
      client_uri: absolute(record.baseUrl, record.rootUrl),
      redirect_uris: redirects.uris.length > 0 ? redirects.uris : undefined,
      grant_types: grants,
      response_types: responseTypes(record),
      token_endpoint_auth_method: authMethod(record),
      scope: scope(record),
    }),
    client_secret: typeof secret === 'string' && secret !== '' && !isMasked ? secret : undefined,
    client_secret_expires_at: parseSeconds(attributes['client.secret.expiration.time']),
    disabled: record.enabled === false,
    dropped: [
      ...others,
      ...redirects.dropped,
      ...fromAttributes.dropped,
      ...(isMasked ? ['secret (masked)'] : []),
    ],
  }
}

/** A public client has no method; one without a type uses its secret, as Keycloak does. */
function authMethod({ publicClient, clientAuthenticatorType }: JsonObject): string | undefined {
  if (publicClient === true) return 'none'
  const type = clientAuthenticatorType ?? 'client-secret'
  return typeof type === 'string' ? (ownValue(methods, type) ?? type) : undefined
}

/** A refresh token is the default of Keycloak wherever a user signs in. */
function grantTypes(record: JsonObject, attributes: JsonObject): readonly string[] {
  const isOn = (name: string) => isTrue(attributes[name])
  const hasUser = record.standardFlowEnabled !== false || record.directAccessGrantsEnabled === true
  const keepsRefreshTokens =
    attributes['use.refresh.tokens'] === undefined || isOn('use.refresh.tokens')
  const grants: readonly (readonly [string, boolean])[] = [
    ['authorization_code', record.standardFlowEnabled !== false],
    ['implicit', record.implicitFlowEnabled === true],
    ['password', record.directAccessGrantsEnabled === true],
    ['client_credentials', record.serviceAccountsEnabled === true],
    [
      'urn:ietf:params:oauth:grant-type:device_code',
      isOn('oauth2.device.authorization.grant.enabled'),
    ],
    ['urn:openid:params:grant-type:ciba', isOn('oidc.ciba.grant.enabled')],
    ['urn:ietf:params:oauth:grant-type:token-exchange', isOn('standard.token.exchange.enabled')],
    ['refresh_token', hasUser && keepsRefreshTokens],
  ]
  return grants.filter(([, isEnabled]) => isEnabled).map(([grant]) => grant)
}

function responseTypes({
  standardFlowEnabled,
  implicitFlowEnabled,
}: JsonObject): readonly string[] {
  const hasCode = standardFlowEnabled !== false
  const isImplicit = implicitFlowEnabled === true
  return [
    ...(hasCode ? ['code'] : []),
    ...(isImplicit ? ['id_token', 'id_token token'] : []),
    ...(hasCode && isImplicit ? ['code id_token', 'code token', 'code id_token token'] : []),
  ]
}

/** Keycloak accepts every path below a wildcard; a registered redirect URI is one URI. */
function redirectUris({ redirectUris: sent, rootUrl }: JsonObject) {
  const uris = textsOf(sent)
  return {
    uris: uris.filter((uri) => !uri.includes('*')).map((uri) => absolute(uri, rootUrl) ?? uri),
    dropped: uris.some((uri) => uri.includes('*')) ? ['redirectUris (wildcard)'] : [],
  }
}

function scope({ defaultClientScopes, optionalClientScopes }: JsonObject): string | undefined {
  const named = [...textsOf(defaultClientScopes), ...textsOf(optionalClientScopes)]
  if (named.length === 0) return undefined
  const asked = named.filter((one) => !internalScopes.has(one))
  return [...new Set(['openid', ...asked])].join(' ')
}

/** An address below the root URL becomes a whole one. */
function absolute(value: unknown, root: unknown): string | undefined {
  const uri = textOf(value)
  if (uri === undefined || !uri.startsWith('/')) return uri
  const base = textOf(root)
  return base === undefined ? undefined : `${base.replace(/\/$/, '')}${uri}`
}

const isTrue = (value: unknown): boolean => value === true || value === 'true'

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
