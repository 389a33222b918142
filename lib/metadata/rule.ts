import type { ErrorCode } from '../errors.ts'
import type { Settings } from '../settings/settings.ts'

/** A value that breaks its rule; the message says what was wrong and what is allowed, never what was sent. */
export class Refused extends Error {}

/** How the value of one member is judged. */
export type Rule<T> = {
  /** What a value must be, in words for people. */
  readonly expects: string
  /**
   * The accepted value, or undefined where an unsupported one is dropped (settings.metadata.unsupported: 'narrow').
   * Throws Refused.
   */
  readonly parse: (value: unknown, settings: Settings) => T | undefined
}

/** One member of client metadata: its rule, the section that defines it, and its default. */
export type Member<T> = {
  readonly section: string
  readonly rule: Rule<T>
  /** The error code where the rule is broken; `invalid_client_metadata` unless said. */
  readonly code?: ErrorCode
}

/** The metadata that a group of members describes. */
export type MetadataOf<Group> = {
  readonly [Name in keyof Group]?: Group[Name] extends Member<infer T> ? T : never
}

export const text: Rule<string> = {
  expects: 'a non-empty string without control characters',
  parse(value, { limits }) {
    if (typeof value !== 'string' || value === '') throw new Refused(`expected ${text.expects}`)
    if (value.length > limits.stringLength)
      throw new Refused(`expected at most ${limits.stringLength} characters`)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it looks for
    if (/[\u0000-\u001f\u007f]/.test(value)) throw new Refused(`expected ${text.expects}`)
    return value
  },
}

export function oneOf<const Value extends string>(...allowed: readonly Value[]): Rule<Value> {
  const expects = `one of ${allowed.join(', ')}`
  return {
    expects,
    parse(value) {
      const found = allowed.find((candidate) => candidate === value)
      if (found === undefined) throw new Refused(`expected ${expects}`)
      return found
    },
  }
}

type Listing = {
  /** What a value must be, where the item's own words do not tell it. */
  readonly expects?: string
  /** The most items that are accepted. */
  readonly most?: (settings: Settings) => number
}

/** An array whose items all obey one rule; what stands twice is kept once. */
export function list<T>(
  item: Rule<T>,
  { expects, most = () => 100 }: Listing = {},
): Rule<readonly T[]> {
  const says = expects ?? `an array, each item ${item.expects}`
  return {
    expects: says,
    parse(value, settings) {
      if (!Array.isArray(value)) throw new Refused(`expected ${says}`)
      if (value.length > most(settings))
        throw new Refused(`expected at most ${most(settings)} items`)
      const items = new Set<T>()
      for (const [index, sent] of value.entries()) {
        const accepted = parseItem(item, sent, index, settings)
        if (accepted !== undefined) items.add(accepted)
      }
      return [...items]
    },
  }
}

function parseItem<T>(item: Rule<T>, sent: unknown, index: number, settings: Settings) {
  try {
    return item.parse(sent, settings)
  } catch (error) {
    if (error instanceof Refused) throw new Refused(`item ${index + 1}: ${error.message}`)
    throw error
  }
}

type Supported = (settings: Settings) => readonly string[] | undefined

/** A string that the authorization server supports; another one is dropped or refused (settings.metadata.unsupported). */
export function supported(values: Supported, setting: string): Rule<string> {
  const expects = `a value that settings.${setting} lists`
  return {
    expects,
    parse(value, settings) {
      const sent = text.parse(value, settings)
      const allowed = values(settings)
      if (sent === undefined || allowed === undefined || allowed.includes(sent)) return sent
      if (settings.metadata.unsupported === 'narrow') return undefined
      throw new Refused(`not supported; supported: ${allowed.join(', ')}`)
    },
  }
}

/** Strings that the authorization server supports; the others are dropped while one is left, or refused. */
export function someSupported(values: Supported, setting: string): Rule<readonly string[]> {
  const each = list(supported(values, setting))
  const expects = `an array of values that settings.${setting} lists`
  return {
    expects,
    parse(value, settings) {
      const kept = each.parse(value, settings)
      const nothingLeft = kept?.length === 0 && Array.isArray(value) && value.length > 0
      if (nothingLeft)
        throw new Refused(
          `none is supported; supported: ${(values(settings) ?? []).join(', ') || 'none'}`,
        )
      return kept
    },
  }
}
