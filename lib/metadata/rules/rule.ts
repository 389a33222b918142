import type { ErrorCode } from '../../errors.ts'
import type { Settings } from '../../settings/schema.ts'
import { isVisible } from './visible-text.ts'

/** A value that breaks its rule; the message says what was wrong and what is allowed, never what was sent. */
export class InvalidValue extends Error {}

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

/** One member of client metadata: its rule; registry.ts tells where it is defined and what it means when omitted. */
export type Member<T> = {
  readonly rule: Rule<T>
  /** The error code where the rule is broken; `invalid_client_metadata` unless said. */
  readonly code?: ErrorCode
  /** Whether it may be sent in several languages, as `name#tag` (RFC 7591 §2.2). */
  readonly tagged?: true
}

/** The metadata that a group of members describes. */
export type MetadataOf<Group> = {
  readonly [Name in keyof Group]?: Group[Name] extends Member<infer T> ? T : never
}

/** A rule in one go: what is expected, and the accepted value or undefined where it is not that. */
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

/** A string; undefined where it is none, or has what is never meant. Throws Refused for one that is too long. */
export function parseText(value: unknown, { limits }: Settings): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined
  if (value.length > limits.stringLength)
    throw new InvalidValue(`expected at most ${limits.stringLength} characters`)
  return controls.test(value) || !value.isWellFormed() ? undefined : value
}

/** Names and words that people are shown, on consent screens and on the operator's page. */
export const text = rule(
  'a non-empty string without control, invisible or direction characters',
  (value, settings) => {
    const sent = parseText(value, settings)
    return sent !== undefined && isVisible(sent) ? sent : undefined
  },
)

/** A string that a pattern matches. */
export const matching = (expects: string, pattern: RegExp) =>
  rule(expects, (value, settings) => {
    const sent = parseText(value, settings)
    return sent !== undefined && pattern.test(sent) ? sent : undefined
  })

/** A JSON boolean; never a string that reads like one. */
export const boolean = rule('true or false', (value) =>
  typeof value === 'boolean' ? value : undefined,
)

export const seconds = rule('a whole number of seconds, 0 or more', (value) =>
  isWhole(value) && value >= 0 ? value : undefined,
)

export const isWhole = (value: unknown): value is number => Number.isSafeInteger(value)

export const oneOf = <const Value extends string>(...allowed: readonly Value[]) =>
  rule(`one of ${allowed.join(', ')}`, (value) => allowed.find((candidate) => candidate === value))
