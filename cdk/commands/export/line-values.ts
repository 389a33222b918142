import * as v from 'valibot'
import { isPlainObject, jsonProblem } from '../../../lib/json.ts'

/** The last second with ten digits. */
export const maxSeconds = 9_999_999_999

/** Version of the lines, in each of them as `format`. */
export const format = 1

/** Unix seconds. */
export const time = v.pipe(
  v.number('expected Unix seconds'),
  v.safeInteger('expected Unix seconds'),
  v.minValue(0, 'expected Unix seconds'),
  v.maxValue(maxSeconds, 'expected Unix seconds'),
)

/**
 * The time of a registration: 0 if it is not known, or ten digits, because lists are sorted by its
 * text.
 */
export const issueTime = v.pipe(
  time,
  v.check((seconds) => seconds === 0 || seconds >= 1_000_000_000, 'expected Unix seconds'),
)

export const count = v.pipe(
  v.number('expected a whole number'),
  v.safeInteger('expected a whole number'),
  v.minValue(0, 'expected a whole number'),
)

/** A text that DynamoDB stores, also as the key of an index. */
export const text = v.pipe(
  v.string('expected a string'),
  v.nonEmpty('expected a non-empty string'),
  v.maxLength(2048, 'expected at most 2048 characters'),
  v.check((value) => value.isWellFormed(), 'expected no unpaired surrogate'),
)

export const texts = v.array(text, 'expected a list of strings')

/** Bytes as base64url, without padding. */
export const bytes = (length: number) =>
  v.pipe(
    v.string(`expected ${length} bytes as base64url`),
    v.regex(/^[\w-]*$/, `expected ${length} bytes as base64url`),
    v.transform((encoded) => new Uint8Array(Buffer.from(encoded, 'base64url'))),
    v.check((decoded) => decoded.length === length, `expected ${length} bytes as base64url`),
  )

export const encodeBytes = (decoded: Uint8Array): string =>
  Buffer.from(decoded).toString('base64url')

/** A JSON object that can be stored without loss. */
export const storableObject = v.pipe(
  v.custom<Readonly<Record<string, unknown>>>(isPlainObject, 'expected an object'),
  v.check(
    (value) => jsonProblem(value, 'the object') === undefined,
    (issue) => `expected another value: ${jsonProblem(issue.input, 'the object')}`,
  ),
)
