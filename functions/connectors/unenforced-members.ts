import type { PushedClient } from './connector.ts'

/** Members that restrict a client, and that not every server enforces. */
const restrictions = [
  ...(['dpop_bound_access_tokens', 'tls_client_certificate_bound_access_tokens'] as const),
  ...(['require_pushed_authorization_requests', 'require_signed_request_object'] as const),
  ...(['id_token_encrypted_response_alg', 'userinfo_encrypted_response_alg'] as const),
]

/** The first member of a client that restricts it, for a server that enforces none of them. */
export const unenforcedMember = (client: PushedClient['client']): string | undefined =>
  restrictions.find((member) => client[member])
