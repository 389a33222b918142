import type { Settings } from '../../settings/schema.ts'
import { jsonObject } from '../rules/json-object.ts'
import { list } from '../rules/list.ts'
import { boolean, InvalidValue, isWhole, parseText, type Rule, rule, text } from '../rules/rule.ts'
import { httpUri } from '../rules/uri.ts'

type Unknown = Settings['metadata']['unknown']
type Declaration = Exclude<Unknown, string>['allow'][string]

const integer = rule('a whole number', (value) => (isWhole(value) ? value : undefined))

/**
 * The rule of a custom member. `enum` and `maxLength` apply to a string, or to each string of a
 * list.
 */
export function customMemberRule({ type, enum: values, maxLength }: Declaration): Rule<unknown> {
  const string = rule(values ? `one of ${values.join(', ')}` : text.expects, (value, settings) => {
    const sent = values ? parseText(value, settings) : text.parse(value, settings)
    if (sent !== undefined && maxLength !== undefined && sent.length > maxLength)
      throw new InvalidValue(`expected at most ${maxLength} characters`)
    return sent === undefined || !values || values.includes(sent) ? sent : undefined
  })
  const rules = {
    string,
    strings: list(string),
    boolean: boolean,
    integer,
    url: httpUri,
    object: jsonObject,
  }
  return rules[type]
}
