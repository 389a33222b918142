import type { Check } from './check.ts'
import { flag, type Member } from './rule.ts'

/** RFC 9449 Demonstrating Proof of Possession §5.2, FAPI 2.0 Security Profile §5.2.2.1.1 */
export const senderConstrained = {
  dpop_bound_access_tokens: { rule: flag },
  use_mtls_endpoint_aliases: { rule: flag },
} satisfies Record<string, Member<unknown>>

export const senderConstrainedChecks = {
  /** A token is bound to one key (RFC 7800 §3.1): by DPoP or by certificate. */
  oneSenderConstraint: ({
    dpop_bound_access_tokens,
    tls_client_certificate_bound_access_tokens,
  }) =>
    dpop_bound_access_tokens && tls_client_certificate_bound_access_tokens
      ? 'dpop_bound_access_tokens: contradicts tls_client_certificate_bound_access_tokens'
      : undefined,
  /** RFC 9449 §5, RFC 8705 §3: tokens are bound at the token endpoint, never at the authorization endpoint. */
  boundAtTokenEndpoint({ response_types, ...metadata }) {
    const bound =
      metadata.dpop_bound_access_tokens || metadata.tls_client_certificate_bound_access_tokens
    return bound && response_types.some((type) => type.split(' ').includes('token'))
      ? 'response_types: token cannot be bound to its sender'
      : undefined
  },
} satisfies Record<string, Check>
