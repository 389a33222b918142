import type { Check } from './check.ts'
import { flag, type Member } from './rule.ts'

/** RFC 9101 JWT-Secured Authorization Request §10.5, RFC 9126 Pushed Authorization Requests §6 */
export const requestObjects = {
  require_signed_request_object: { rule: flag },
  require_pushed_authorization_requests: { rule: flag },
} satisfies Record<string, Member<unknown>>

export const requestObjectChecks = {
  /** RFC 9101 §10.5: a signature that is required cannot be none. */
  signedWhereRequired: ({ require_signed_request_object, request_object_signing_alg }) =>
    require_signed_request_object && request_object_signing_alg === 'none'
      ? 'request_object_signing_alg: none contradicts require_signed_request_object'
      : undefined,
} satisfies Record<string, Check>
