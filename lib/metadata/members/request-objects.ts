import { boolean, type Member, type MemberDocs } from '../rules/rule.ts'

/** RFC 9101 JWT-Secured Authorization Request §10.5, RFC 9126 Pushed Authorization Requests §6 */
export const requestObjects = {
  require_signed_request_object: { rule: boolean },
  require_pushed_authorization_requests: { rule: boolean },
} satisfies Record<string, Member<unknown>>

export const requestObjectsDocs = {
  require_signed_request_object: {
    section: 'RFC 9101 §10.5',
    omitted: 'false, or true where the server requires it',
  },
  require_pushed_authorization_requests: {
    section: 'RFC 9126 §6',
    omitted: 'false, or true where the server requires it',
  },
} satisfies MemberDocs<typeof requestObjects>
