import { boolean, type Member } from '../rules/rule.ts'

/** RFC 9101 JWT-Secured Authorization Request §10.5, RFC 9126 Pushed Authorization Requests §6 */
export const requestObjects = {
  require_signed_request_object: { rule: boolean },
  require_pushed_authorization_requests: { rule: boolean },
} satisfies Record<string, Member<unknown>>
