import { isObject } from '../../json.ts'
import { InvalidValue, type Member, type MemberDocs, type Rule } from '../rules/rule.ts'

const longest = 16_384

/**
 * Checks only the form of a signed or MACed JWT. Its issuer and signature are verified elsewhere.
 * If no issuer is trusted, the statement is ignored and not returned.
 */
const signedJwt: Rule<string> = {
  expects: 'a signed JWT in compact form',
  parse(value, { softwareStatement: { issuers } }) {
    if (issuers.length === 0) return undefined
    const sent = typeof value === 'string' && value.length <= longest ? value : ''
    const [, header = ''] = /^([\w-]+)\.[\w-]+\.[\w-]+$/.exec(sent) ?? []
    const { alg } = decoded(header)
    if (typeof alg !== 'string' || /^(none)?$/i.test(alg))
      throw new InvalidValue(`expected ${signedJwt.expects}`)
    return sent
  },
}

function decoded(header: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(header, 'base64url').toString())
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}

/** RFC 7591 §2.3, §3.2.1: registered and returned unmodified. */
export const softwareStatement = {
  software_statement: {
    rule: signedJwt,
    code: 'invalid_software_statement',
  } satisfies Member<string>,
} satisfies Record<string, Member<unknown>>

export const softwareStatementDocs = {
  software_statement: { section: 'RFC 7591 §2.3, §3.1.1' },
} satisfies MemberDocs<typeof softwareStatement>
