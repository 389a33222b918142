import type { ErrorCode } from '../../lib/errors.ts'
import type { Settings } from '../../lib/settings/settings.ts'
import { bearerErrors, faults, type Operation, queryParameter } from './operation.ts'

/** Operations by path and method. */
export type Operations = Readonly<Record<string, Readonly<Record<string, Operation>>>>

export const pages = [
  queryParameter('limit', 'Number of entries on a page.', {
    type: 'integer',
    minimum: 1,
    maximum: 100,
    default: 50,
  }),
  queryParameter('cursor', '`next_cursor` of the previous page.', {
    type: 'string',
    pattern: '^[A-Za-z0-9_-]+$',
  }),
]

/** Only an access token can lack a scope. */
export const operatorErrors = ({ accessTokenIssuers }: Settings): readonly ErrorCode[] => [
  ...bearerErrors,
  ...(accessTokenIssuers.some(
    ({ administers, reads, reportsUse }) => administers || reads || reportsUse,
  )
    ? (['insufficient_scope'] as const)
    : []),
  ...faults,
]
