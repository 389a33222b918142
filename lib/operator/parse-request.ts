import * as v from 'valibot'
import { OAuthError } from '../errors.ts'
import { isObject, type JsonObject } from '../json.ts'

/** Schema of an object that rejects unknown members, and arrays, which valibot takes for objects. */
export function members<const Entries extends v.ObjectEntries>(entries: Entries) {
  const unknown = `unknown; known: ${Object.keys(entries).join(', ')}`
  const known = v.strictObject(entries, ({ expected }) =>
    expected === 'never' ? unknown : 'expected a value',
  )
  return v.pipe(v.custom<v.InferInput<typeof known>>(isObject, 'expected an object'), known)
}

/** Schema of an operator's text; restricted to what the table stores without loss. */
export const text = (maxLength: number) =>
  v.pipe(
    v.string(),
    v.nonEmpty('expected a non-empty string'),
    v.maxLength(maxLength, `expected at most ${maxLength} characters`),
    v.check((value) => value.isWellFormed(), 'expected no unpaired surrogate'),
  )

/**
 * Parses an operator's request by its schema. Throws OAuthError `invalid_request`, which names the
 * member and what is expected. Unlike the library's messages, it repeats no client input, except an
 * unknown member's name in the response.
 */
export function parseRequest<Schema extends v.GenericSchema>(
  schema: Schema,
  body: JsonObject,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, body)
  if (parsed.success) return parsed.output
  const [issue] = parsed.issues
  const member = v.getDotPath(issue) ?? 'the request'
  if (issue.expected === 'never') throw new OAuthError('invalid_request', issue.message, { member })
  const { message } = issue
  const expected = message.startsWith('expected') ? message : `expected ${inWords(issue)}`
  throw new OAuthError('invalid_request', `${member}: ${expected}`)
}

const types: Readonly<Record<string, string>> = {
  Array: 'an array',
  boolean: 'true or false',
  string: 'a string',
}

const inWords = ({ expected }: v.BaseIssue<unknown>) => expected && (types[expected] ?? expected)
