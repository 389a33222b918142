import type { Check } from './check.ts'

export const senderConstrainedChecks = {
  /** A token is bound to a single key (RFC 7800 §3.1), with DPoP or with a certificate. */
  oneSenderConstraint: ({
    dpop_bound_access_tokens,
    tls_client_certificate_bound_access_tokens,
  }) =>
    dpop_bound_access_tokens && tls_client_certificate_bound_access_tokens
      ? 'dpop_bound_access_tokens: contradicts tls_client_certificate_bound_access_tokens'
      : undefined,
  /**
   * RFC 9449 §5, RFC 8705 §3: tokens are bound at the token endpoint, never at the authorization
   * endpoint.
   */
  boundAtTokenEndpoint({ response_types, ...metadata }) {
    const bound =
      metadata.dpop_bound_access_tokens || metadata.tls_client_certificate_bound_access_tokens
    return bound && response_types.some((type) => type.split(' ').includes('token'))
      ? 'response_types: token cannot be bound to its sender'
      : undefined
  },
} satisfies Record<string, Check>
