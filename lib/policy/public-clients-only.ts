import { simplePolicy } from './define-policy.ts'

const grants = ['authorization_code', 'refresh_token']

/**
 * Allows only public clients with the authorization code grant (and refresh tokens), for which
 * PKCE is mandatory (RFC 9700 §2.1.1). No secret is issued.
 */
export const publicClientsOnly = simplePolicy({
  name: 'public-clients-only',
  policy(context, metadata) {
    metadata.token_endpoint_auth_method ??= 'none'
    if (metadata.token_endpoint_auth_method !== 'none')
      context.reject(
        'token_endpoint_auth_method: expected none; clients here are public and use PKCE',
      )
    // Set explicitly, because the default would be derived from the response types.
    metadata.grant_types ??= ['authorization_code']
    const sent = metadata.grant_types
    const allowed = Array.isArray(sent) && sent.every((grant) => grants.includes(grant))
    if (!allowed) context.reject(`grant_types: expected grants among ${grants.join(', ')}`)
  },
  contradictions: ({ tokenEndpointAuthMethods, grantTypes }) => [
    ...(tokenEndpointAuthMethods.includes('none')
      ? []
      : ['policies: public-clients-only needs none in metadata.tokenEndpointAuthMethods']),
    ...(grantTypes.includes('authorization_code')
      ? []
      : ['policies: public-clients-only needs authorization_code in metadata.grantTypes']),
  ],
})
