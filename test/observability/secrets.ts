import { createHash } from 'node:crypto'

/** Members of requests and answers whose values nobody may read in a log. */
const secretMembers = [
  'access_token',
  'registration_access_token',
  'client_secret',
  'registration_code',
]

/** The secrets among the members of an answer. */
export const secretsOf = (body: Readonly<Record<string, unknown>>): string[] =>
  secretMembers.flatMap((member) => (typeof body[member] === 'string' ? [body[member]] : []))

/** All that would give a secret, or its digest, away. */
export function tracesOf(secret: string): string[] {
  const encodings = ['hex', 'base64', 'base64url'] as const
  const digest = createHash('sha256').update(secret).digest()
  // Bytes as the SDK prints those of an item.
  const printed = [...digest.subarray(0, 8)].join(',')
  return [
    secret,
    encodeURIComponent(secret),
    // A token's prefix is no secret, the rest of it is.
    secret.slice(-24),
    printed,
    ...encodings.flatMap((encoding) => [
      digest.toString(encoding),
      Buffer.from(secret).toString(encoding).replace(/=+$/, ''),
    ]),
  ]
}
