import type { PushedClient } from './connector.ts'

/** The attributes of a client; an empty one removes what an earlier push set. */
export const keycloakAttributes = (
  client: PushedClient['client'],
): Readonly<Record<string, string>> => ({
  // RFC 9700 §2.1.1: public clients must use PKCE, and S256 alone does not expose the verifier.
  'pkce.code.challenge.method': client.token_endpoint_auth_method === 'none' ? 'S256' : '',
  'use.refresh.tokens': String(client.grant_types.includes('refresh_token')),
  'oauth2.device.authorization.grant.enabled': String(
    client.grant_types.includes('urn:ietf:params:oauth:grant-type:device_code'),
  ),
  'oidc.ciba.grant.enabled': String(
    client.grant_types.includes('urn:openid:params:grant-type:ciba'),
  ),
  'standard.token.exchange.enabled': String(
    client.grant_types.includes('urn:ietf:params:oauth:grant-type:token-exchange'),
  ),
  'use.jwks.string': String(client.jwks !== undefined),
  'jwks.string': client.jwks === undefined ? '' : JSON.stringify(client.jwks),
  'use.jwks.url': String(client.jwks_uri !== undefined),
  'jwks.url': client.jwks_uri ?? '',
  'x509.subjectdn': client.tls_client_auth_subject_dn ?? '',
  'token.endpoint.auth.signing.alg': client.token_endpoint_auth_signing_alg ?? '',
  'id.token.signed.response.alg': client.id_token_signed_response_alg,
  'id.token.encrypted.response.alg': client.id_token_encrypted_response_alg ?? '',
  'id.token.encrypted.response.enc': client.id_token_encrypted_response_enc ?? '',
  'user.info.response.signature.alg': client.userinfo_signed_response_alg ?? '',
  'request.object.signature.alg': client.request_object_signing_alg ?? '',
  'request.object.required': client.require_signed_request_object ? 'request or request_uri' : '',
  'require.pushed.authorization.requests': String(client.require_pushed_authorization_requests),
  'tls.client.certificate.bound.access.tokens': String(
    client.tls_client_certificate_bound_access_tokens,
  ),
  'dpop.bound.access.tokens': String(client.dpop_bound_access_tokens),
  'backchannel.logout.url': client.backchannel_logout_uri ?? '',
  'backchannel.logout.session.required': String(client.backchannel_logout_session_required),
  'frontchannel.logout.url': client.frontchannel_logout_uri ?? '',
  'post.logout.redirect.uris': (client.post_logout_redirect_uris ?? []).join('##'),
  logoUri: client.logo_uri ?? '',
  policyUri: client.policy_uri ?? '',
  tosUri: client.tos_uri ?? '',
})

/** The names of all these attributes, whatever the client. */
export const attributeNames = Object.keys(
  keycloakAttributes({ grant_types: [] } as unknown as PushedClient['client']),
)
