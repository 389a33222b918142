import * as v from 'valibot'
import { OAuthError } from './errors.ts'
import type { JsonObject } from './metadata/parse-client-metadata.ts'

/**
 * An operator's request, by its schema. Throws OAuthError `invalid_request`, which names the member and what is expected
 * and, unlike the library's own messages, repeats nothing that was sent but, to the sender, the name of a member.
 */
export function parseRequest<Entries extends v.ObjectEntries>(
  schema: v.StrictObjectSchema<Entries, undefined>,
  body: JsonObject,
): v.InferOutput<v.StrictObjectSchema<Entries, undefined>> {
  const parsed = v.safeParse(schema, body)
  if (parsed.success) return parsed.output
  const [issue] = parsed.issues
  const path = v.getDotPath(issue) ?? 'the request'
  if (issue.expected === 'never')
    throw new OAuthError(
      'invalid_request',
      `unknown; known: ${Object.keys(schema.entries).join(', ')}`,
      { member: path },
    )
  const expected = issue.message.startsWith('expected')
    ? issue.message
    : `expected ${issue.expected}`
  throw new OAuthError('invalid_request', `${path}: ${expected}`)
}
