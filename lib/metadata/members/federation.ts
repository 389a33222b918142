import { list } from '../rules/list.ts'
import { publicHttpsUri } from '../rules/public-uri.ts'
import { type Member, type MemberDocs, text } from '../rules/rule.ts'
import { supportedList } from '../rules/supported.ts'
import { httpUri } from '../rules/uri.ts'

/** OpenID Federation 1.0 §5.1.2, §5.2.1, §5.2.2 */
export const federation = {
  client_registration_types: { rule: supportedList('client_registration_types_supported') },
  signed_jwks_uri: { rule: publicHttpsUri },
  organization_name: { rule: text, tagged: true },
  description: { rule: text, tagged: true },
  keywords: { rule: list(text) },
  information_uri: { rule: httpUri, tagged: true },
  organization_uri: { rule: httpUri, tagged: true },
} satisfies Record<string, Member<unknown>>

const informational = 'OpenID Federation 1.0 §5.2.2'

export const federationDocs = {
  client_registration_types: { section: 'OpenID Federation 1.0 §5.1.2' },
  signed_jwks_uri: { section: 'OpenID Federation 1.0 §5.2.1' },
  organization_name: { section: informational },
  description: { section: informational },
  keywords: { section: informational },
  information_uri: { section: informational },
  organization_uri: { section: informational },
} satisfies MemberDocs<typeof federation>
