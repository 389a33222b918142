import { boolean, type Member } from '../rules/rule.ts'

/** RFC 9449 Demonstrating Proof of Possession §5.2, FAPI 2.0 Security Profile §5.2.2.1.1 */
export const senderConstrained = {
  dpop_bound_access_tokens: { rule: boolean },
  use_mtls_endpoint_aliases: { rule: boolean },
} satisfies Record<string, Member<unknown>>
