import type { ErrorCode } from '../../errors.ts'
import type { Settings } from '../../settings/schema.ts'
import type { ListName } from '../supported-lists.ts'
import { isVisible } from './visible-text.ts'

/**
 * A value that breaks its rule. The message names the problem and the allowed values, never the
 * client's input.
 */
export class InvalidValue extends Error {}

/** The rule for the value of one member. */
export type Rule<T> = {
  /** What a value must be, in prose. */
  readonly expects: string
  /**
   * Returns the accepted value, or undefined if an unsupported value is dropped
   * (settings.metadata.unsupported: 'narrow'). Throws InvalidValue.
   */
  readonly parse: (value: unknown, settings: Settings) => T | undefined
  /** What a rule that is made from others or from a list consists of; no other rule has one. */
  readonly shape?: Shape
}

/**
 * A list of items, a value of one of the server's lists, one of these values, or a string that
 * matches a pattern.
 */
export type Shape =
  | {
      readonly items: Rule<unknown>
      readonly min: number
      readonly max: (settings: Settings) => number
    }
  | { readonly supported: ListName; readonly dropUnsupported: boolean }
  | { readonly allowed: readonly string[] }
  | { readonly pattern: RegExp }

/** One member of client metadata with its rule. */
export type Member<T> = {
  readonly rule: Rule<T>
  /** The error code for a broken rule; `invalid_client_metadata` by default. */
  readonly code?: ErrorCode
  /** Whether the member may be sent in several languages, as `name#tag` (RFC 7591 §2.2). */
  readonly tagged?: true
}

/**
 * What reference.md says about a member. It stands apart from the rule, in the same file, so that no
 * Lambda bundles the prose.
 */
export type MemberDoc = {
  /** The section that defines the member. */
  readonly section: string
  /** The meaning of an omitted member, in prose; by default, it has none. */
  readonly omitted?: string
}

export type MemberDocs<Group> = { readonly [Name in keyof Group]: MemberDoc }

/** The type of the metadata that a group of members describes. */
export type MetadataOf<Group> = {
  readonly [Name in keyof Group]?: Group[Name] extends Member<infer T> ? T : never
}

/**
 * Builds a rule from its description and a function that returns the accepted value, or undefined
 * if the value is invalid.
 */
export const rule = <T>(
  expects: string,
  accept: (value: unknown, settings: Settings) => T | undefined,
): Rule<T> => ({
  expects,
  parse(value, settings) {
    const accepted = accept(value, settings)
    if (accepted === undefined) throw new InvalidValue(`expected ${expects}`)
    return accepted
  },
})

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it looks for
const controls = /[\u0000-\u001f\u007f]/

/**
 * Returns a string; undefined if the value is not one or contains control characters. Throws
 * InvalidValue if it is too long.
 */
export function parseText(value: unknown, { limits }: Settings): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined
  if (value.length > limits.stringLength)
    throw new InvalidValue(`expected at most ${limits.stringLength} characters`)
  return controls.test(value) || !value.isWellFormed() ? undefined : value
}

/** Text that is displayed to users, on consent screens and in the operator's console. */
export const text = rule(
  'a non-empty string without control, invisible or direction characters',
  (value, settings) => {
    const sent = parseText(value, settings)
    return sent !== undefined && isVisible(sent) ? sent : undefined
  },
)

/** A string that matches a pattern. */
export const matching = (expects: string, pattern: RegExp): Rule<string> => ({
  ...rule(expects, (value, settings) => {
    const sent = parseText(value, settings)
    return sent !== undefined && pattern.test(sent) ? sent : undefined
  }),
  shape: { pattern },
})

/** A JSON boolean; a string such as "true" is invalid. */
export const boolean = rule('true or false', (value) =>
  typeof value === 'boolean' ? value : undefined,
)

export const seconds = rule('a whole number of seconds, 0 or more', (value) =>
  isWhole(value) && value >= 0 ? value : undefined,
)

export const isWhole = (value: unknown): value is number => Number.isSafeInteger(value)

export const oneOf = <const Value extends string>(...allowed: readonly Value[]): Rule<Value> => ({
  ...rule(`one of ${allowed.join(', ')}`, (value) =>
    allowed.find((candidate) => candidate === value),
  ),
  shape: { allowed },
})
