/** CIBA Core 1.0 §4 */
export const cibaGrant = 'urn:openid:params:grant-type:ciba'

/** Grants that require client authentication (RFC 6749 §4.4, CIBA Core 1.0 §7.1). */
export const confidentialGrants = ['client_credentials', cibaGrant]

/** RFC 8628 §3.4 */
export const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code'

/**
 * The grant types that a response type requires (RFC 7591 §2.1, OAuth 2.0 Multiple Response Type
 * Encoding Practices).
 */
export function grantsOf(responseType: string): readonly string[] {
  const parts = responseType.split(' ')
  const code = parts.includes('code') ? ['authorization_code'] : []
  const implicit = parts.includes('token') || parts.includes('id_token') ? ['implicit'] : []
  return [...code, ...implicit]
}
