import type { Check } from './check.ts'

export const requestObjectChecks = {
  /** RFC 9101 §10.5: if request objects must be signed, the algorithm cannot be none. */
  signedWhereRequired: ({ require_signed_request_object, request_object_signing_alg }) =>
    require_signed_request_object && request_object_signing_alg === 'none'
      ? 'request_object_signing_alg: none contradicts require_signed_request_object'
      : undefined,
} satisfies Record<string, Check>
