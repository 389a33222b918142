import type { ListName } from '../supported-lists.ts'
import { supportedValues } from '../supported-values.ts'
import { list } from './list.ts'
import { InvalidValue, type Rule, text } from './rule.ts'

type Options = {
  /** Whether to drop an unsupported value if settings.metadata.unsupported is 'narrow'. */
  readonly dropUnsupported?: boolean
  /** The canonical form by which two values are compared. */
  readonly canonical?: (value: string) => string
}

const asSent = (value: string) => value

/**
 * A string in the authorization server's list of this name. Other values are rejected: dropping an
 * algorithm or a subject type would register a weaker client than requested (decision 0011).
 */
export function supported(
  name: ListName,
  { dropUnsupported = false, canonical = asSent }: Options = {},
): Rule<string> {
  return {
    expects: `one of the server's ${name}`,
    shape: { supported: name, dropUnsupported },
    parse(value, settings) {
      const sent = text.parse(value, settings)
      const allowed = supportedValues(name, settings)
      if (sent === undefined || allowed === undefined) return sent
      const spelt = canonical(sent)
      if (allowed.some((candidate) => canonical(candidate) === spelt)) return sent
      if (dropUnsupported && settings.metadata.unsupported === 'narrow') return undefined
      throw new InvalidValue(`not supported; supported: ${allowed.join(', ') || 'none'}`)
    },
  }
}

/**
 * Strings that the authorization server supports. Others are dropped as long as one remains, or
 * rejected.
 */
export function supportedList(
  name: ListName,
  canonical: (value: string) => string = asSent,
): Rule<readonly string[]> {
  const each = list(supported(name, { dropUnsupported: true, canonical }))
  return {
    ...each,
    expects: `an array of the server's ${name}`,
    parse(value, settings) {
      const kept = each.parse(value, settings) ?? []
      if (kept.length === 0 && Array.isArray(value) && value.length > 0) {
        const allowed = supportedValues(name, settings) ?? []
        throw new InvalidValue(`none is supported; supported: ${allowed.join(', ') || 'none'}`)
      }
      const spellings = kept.map(canonical)
      return kept.filter((_, index) => spellings.indexOf(spellings[index] ?? '') === index)
    },
  }
}
