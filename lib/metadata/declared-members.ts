import type { Settings } from '../settings/schema.ts'
import { freeObject } from './free-json.ts'
import { list } from './list.ts'
import { asText, flag, isWhole, Refused, type Rule, rule, text } from './rule.ts'
import { webUri } from './uri.ts'

type Unknown = Settings['metadata']['unknown']
type Declaration = Exclude<Unknown, string>['allow'][string]

const integer = rule('a whole number', (value) => (isWhole(value) ? value : undefined))

/** The rule of a declared member; `enum` and `maxLength` hold for a string, and for each of several. */
export function declaredRule({ type, enum: values, maxLength }: Declaration): Rule<unknown> {
  const string = rule(values ? `one of ${values.join(', ')}` : text.expects, (value, settings) => {
    const sent = values ? asText(value, settings) : text.parse(value, settings)
    if (sent !== undefined && maxLength !== undefined && sent.length > maxLength)
      throw new Refused(`expected at most ${maxLength} characters`)
    return sent === undefined || !values || values.includes(sent) ? sent : undefined
  })
  const rules = {
    string,
    strings: list(string),
    boolean: flag,
    integer,
    url: webUri,
    object: freeObject,
  }
  return rules[type]
}
