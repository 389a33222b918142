import { isPlainObject, type JsonObject, ownValue } from '../../../../lib/json.ts'

/** Attributes whose value is that of a member. */
const texts: Readonly<Record<string, string>> = {
  logoUri: 'logo_uri',
  policyUri: 'policy_uri',
  tosUri: 'tos_uri',
  'backchannel.logout.url': 'backchannel_logout_uri',
  'id.token.signed.response.alg': 'id_token_signed_response_alg',
  'id.token.encrypted.response.alg': 'id_token_encrypted_response_alg',
  'id.token.encrypted.response.enc': 'id_token_encrypted_response_enc',
  'user.info.response.signature.alg': 'userinfo_signed_response_alg',
  'user.info.encrypted.response.alg': 'userinfo_encrypted_response_alg',
  'user.info.encrypted.response.enc': 'userinfo_encrypted_response_enc',
  'request.object.signature.alg': 'request_object_signing_alg',
  'request.object.encryption.alg': 'request_object_encryption_alg',
  'request.object.encryption.enc': 'request_object_encryption_enc',
  'token.endpoint.auth.signing.alg': 'token_endpoint_auth_signing_alg',
  'authorization.signed.response.alg': 'authorization_signed_response_alg',
  'authorization.encrypted.response.alg': 'authorization_encrypted_response_alg',
  'authorization.encrypted.response.enc': 'authorization_encrypted_response_enc',
  'x509.subjectdn': 'tls_client_auth_subject_dn',
}

/** Attributes `true` or `false` of members that are. */
const flags: Readonly<Record<string, string>> = {
  'backchannel.logout.session.required': 'backchannel_logout_session_required',
  'frontchannel.logout.session.required': 'frontchannel_logout_session_required',
  'tls.client.certificate.bound.access.tokens': 'tls_client_certificate_bound_access_tokens',
  'dpop.bound.access.tokens': 'dpop_bound_access_tokens',
  'require.pushed.authorization.requests': 'require_pushed_authorization_requests',
}

/** Lists, whose values Keycloak joins by two number signs. */
const lists: Readonly<Record<string, string>> = {
  'default.acr.values': 'default_acr_values',
  'request.uris': 'request_uris',
}

/** Read with the grants and keys, or of the secret that is read otherwise. */
const read = new Set([
  'use.refresh.tokens',
  'oauth2.device.authorization.grant.enabled',
  'oidc.ciba.grant.enabled',
  'standard.token.exchange.enabled',
  'client.secret.expiration.time',
  'client.secret.creation.time',
  'use.jwks.url',
  'jwks.url',
  'use.jwks.string',
  'jwks.string',
  'frontchannel.logout.url',
  'post.logout.redirect.uris',
  'realm_client',
])

/** A request object of any algorithm is the default of both servers. */
const isDefault = (name: string, value: string): boolean =>
  name.startsWith('request.object.') && value === 'any'

/**
 * Maps the attributes of a client of Keycloak, all of them texts. Attributes without a meaning here
 * are in `dropped`, unless they are empty or `false`.
 */
export function keycloakAttributes(attributes: JsonObject, hasFrontchannelLogout: boolean) {
  const metadata: Record<string, unknown> = { ...keys(attributes) }
  const dropped: string[] = []
  for (const [name, value] of Object.entries(attributes)) {
    const text = String(value)
    if (text === '' || value === null || read.has(name) || isDefault(name, text)) continue
    const member = ownValue(texts, name)
    const flag = ownValue(flags, name)
    const list = ownValue(lists, name)
    if (member !== undefined) metadata[member] = text
    else if (flag !== undefined) metadata[flag] = text === 'true'
    else if (list !== undefined) metadata[list] = text.split('##')
    else if (text !== 'false' && !name.startsWith('saml')) dropped.push(`attributes.${name}`)
  }
  const frontchannel = attributes['frontchannel.logout.url']
  if (hasFrontchannelLogout && typeof frontchannel === 'string' && frontchannel !== '')
    metadata.frontchannel_logout_uri = frontchannel
  else delete metadata.frontchannel_logout_session_required
  if (metadata.backchannel_logout_uri === undefined)
    delete metadata.backchannel_logout_session_required
  const logout = logoutUris(attributes['post.logout.redirect.uris'])
  if (logout.uris.length > 0) metadata.post_logout_redirect_uris = logout.uris
  return { metadata, dropped: [...dropped, ...logout.dropped] }
}

/** Keys by reference or by value; a certificate of Keycloak's own form is dropped above. */
function keys(attributes: JsonObject): JsonObject {
  const { 'jwks.url': jwks_uri, 'jwks.string': jwks } = attributes
  if (attributes['use.jwks.url'] === 'true' && typeof jwks_uri === 'string') return { jwks_uri }
  if (attributes['use.jwks.string'] !== 'true' || typeof jwks !== 'string') return {}
  try {
    const parsed: unknown = JSON.parse(jwks)
    return isPlainObject(parsed) ? { jwks: parsed } : {}
  } catch {
    return { jwks }
  }
}

/** `+` stands for the redirect URIs, which no server but Keycloak reads so. */
function logoutUris(value: unknown) {
  const all = typeof value === 'string' ? value.split('##').filter(Boolean) : []
  const uris = all.filter((uri) => uri !== '+' && !uri.includes('*'))
  const name = 'attributes.post.logout.redirect.uris'
  return { uris, dropped: uris.length < all.length ? [`${name} (wildcard)`] : [] }
}
