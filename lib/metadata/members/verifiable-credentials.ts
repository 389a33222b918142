import { isObject } from '../../json.ts'
import { contentEncryption } from '../rules/algorithms.ts'
import { jsonObject } from '../rules/json-object.ts'
import { list } from '../rules/list.ts'
import { publicHttpsUri } from '../rules/public-uri.ts'
import { type Member, type MemberDocs, oneOf, rule } from '../rules/rule.ts'

const formats = rule(
  'an object of formats, each with an object of parameters',
  (value, settings) => {
    const sent = jsonObject.parse(value, settings) ?? {}
    const parameters = Object.values(sent)
    return parameters.length > 0 && parameters.every(isObject) ? sent : undefined
  },
)

/**
 * OpenID for Verifiable Presentations 1.0 §5.1, §11.1; OpenID for Verifiable Credential Issuance
 * 1.0 §12.1
 */
export const verifiableCredentials = {
  encrypted_response_enc_values_supported: {
    rule: list(oneOf(...contentEncryption), { min: 1 }),
  },
  vp_formats_supported: { rule: formats },
  credential_offer_endpoint: { rule: publicHttpsUri },
} satisfies Record<string, Member<unknown>>

export const verifiableCredentialsDocs = {
  encrypted_response_enc_values_supported: { section: 'OpenID4VP 1.0 §5.1', omitted: 'A128GCM' },
  vp_formats_supported: { section: 'OpenID4VP 1.0 §11.1' },
  credential_offer_endpoint: { section: 'OpenID4VCI 1.0 §12.1' },
} satisfies MemberDocs<typeof verifiableCredentials>
