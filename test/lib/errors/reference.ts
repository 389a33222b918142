import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorResponse } from '../../../functions/http/response.ts'
import { type ErrorCode, OAuthError } from '../../../lib/errors.ts'
import { rows } from './rows.ts'

const page = join(import.meta.dirname, '../../../lib/errors.md')

const usualHeaders = ['content-type', 'cache-control', 'pragma']

function section(code: ErrorCode): readonly string[] {
  const error = new OAuthError(code, '')
  const headers = Object.keys(errorResponse(error).headers).filter(
    (name) => !usualHeaders.includes(name),
  )
  const also = headers.length === 0 ? '' : `, with the header ${headers.join(', ')}`
  return [
    `## ${code}`,
    '',
    `Status ${error.status}, \`"error": "${error.error}"\`${also}.`,
    '',
    '| error_description | cause | what to do |',
    '|--|--|--|',
    ...rows[code].map(
      ([description, cause, action]) => `| \`${description}\` | ${cause} | ${action} |`,
    ),
    '',
  ]
}

/** lib/errors.md, for client developers and operators. */
export const errorReference = (): string =>
  [
    '# Errors',
    '',
    'Made by `npm run reference` from the table of codes in `errors.ts` and the advice in `test/lib/errors/rows.ts`. A test keeps it current and complete.',
    '',
    'Every error is a JSON object with `error` and `error_description` (RFC 7591 §3.2.2, RFC 6750 §3.1). A heading is the code in the service’s log; where the',
    'response has another `error`, the line below says so. `…` stands for what varies. A description never repeats what the client sent, except the name of an unknown member',
    'and what a policy says. Rows that begin with *operator* concern the paths of the operator. API Gateway itself answers 429 and 503 with `message` in place of `error`.',
    '',
    ...(Object.keys(rows) as ErrorCode[]).flatMap(section),
  ].join('\n')

export const committedErrors = (): string => readFileSync(page, 'utf8')

if (import.meta.main) writeFileSync(page, errorReference())
