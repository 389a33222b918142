import { boolean, type Member, type MemberDocs } from '../rules/rule.ts'

/** RFC 9449 Demonstrating Proof of Possession §5.2, FAPI 2.0 Security Profile §5.2.2.1.1 */
export const senderConstrained = {
  dpop_bound_access_tokens: { rule: boolean },
  use_mtls_endpoint_aliases: { rule: boolean },
} satisfies Record<string, Member<unknown>>

export const senderConstrainedDocs = {
  dpop_bound_access_tokens: { section: 'RFC 9449 §5.2', omitted: 'false' },
  use_mtls_endpoint_aliases: { section: 'FAPI 2.0 Security Profile §5.2.2.1.1', omitted: 'false' },
} satisfies MemberDocs<typeof senderConstrained>
