import * as v from 'valibot'
import { OAuthError } from '../errors.ts'
import type { JsonObject } from '../metadata/parse-client-metadata.ts'

/** The schema of an object that has no other members than these. */
export function members<const Entries extends v.ObjectEntries>(entries: Entries) {
  const unknown = `unknown; known: ${Object.keys(entries).join(', ')}`
  return v.strictObject(entries, ({ expected }) =>
    expected === 'never' ? unknown : 'expected an object',
  )
}

/** A text that the operator writes: what the table keeps, and gives back equal. */
export const text = (maxLength: number) =>
  v.pipe(
    v.string(),
    v.nonEmpty('expected a non-empty string'),
    v.maxLength(maxLength, `expected at most ${maxLength} characters`),
    v.check((value) => value.isWellFormed(), 'expected no unpaired surrogate'),
  )

/**
 * An operator's request, by its schema. Throws OAuthError `invalid_request`, which names the member and what is expected
 * and, unlike the library's own messages, repeats nothing that was sent but, to the sender, the name of a member.
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
