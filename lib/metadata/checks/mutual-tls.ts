import { certificateSubjects } from '../members/mutual-tls.ts'
import type { Check } from './check.ts'

export const mutualTlsChecks = {
  /**
   * RFC 8705 §2.1.2: "A client using the tls_client_auth authentication method MUST use exactly one
   * of the below metadata parameters".
   */
  oneCertificateSubject: (metadata) =>
    metadata.token_endpoint_auth_method === 'tls_client_auth' &&
    certificateSubjects.filter((name) => metadata[name] !== undefined).length !== 1
      ? `token_endpoint_auth_method: tls_client_auth needs exactly one of ${certificateSubjects.join(', ')}`
      : undefined,
  /** RFC 8705 §2.2.2: the certificates are in the x5c of the keys. */
  certificatesForSelfSigned: ({ token_endpoint_auth_method, jwks }) =>
    token_endpoint_auth_method === 'self_signed_tls_client_auth' &&
    jwks?.keys.every(({ x5c }) => x5c === undefined)
      ? 'jwks: expected a key with x5c for self_signed_tls_client_auth'
      : undefined,
} satisfies Record<string, Check>
