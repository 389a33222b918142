import { isObject } from '../rules/json-object.ts'
import { InvalidValue, type Member, type Rule } from '../rules/rule.ts'

const longest = 16_384

/**
 * A JWT that is signed or MACed, by its form; its issuer and signature are verified apart. Ignored where no issuer is
 * trusted: then it has no part in the registration, and is not told back.
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

/** RFC 7591 §2.3, §3.2.1: registered and told back as it was sent. */
export const softwareStatement = {
  software_statement: {
    rule: signedJwt,
    code: 'invalid_software_statement',
  } satisfies Member<string>,
} satisfies Record<string, Member<unknown>>
