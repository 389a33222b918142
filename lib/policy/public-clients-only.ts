import type { Policy } from './policy.ts'

const grants = ['authorization_code', 'refresh_token']

/**
 * Only public clients that use the authorization code grant, which they must do with PKCE (RFC 9700 §2.1.1):
 * no secret is issued, and no other grant.
 */
export const publicClientsOnly = (): Policy => (context, metadata) => {
  metadata.token_endpoint_auth_method ??= 'none'
  if (metadata.token_endpoint_auth_method !== 'none')
    context.refuse(
      'token_endpoint_auth_method: expected none; clients here are public and use PKCE',
    )
  // Said here, because what is omitted would follow from the response types.
  metadata.grant_types ??= ['authorization_code']
  const sent = metadata.grant_types
  const allowed = Array.isArray(sent) && sent.every((grant) => grants.includes(grant))
  if (!allowed) context.refuse(`grant_types: expected grants among ${grants.join(', ')}`)
}
