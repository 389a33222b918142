import * as v from 'valibot'
import { type DisableJobView, jobView } from '../disable-job/job-view.ts'
import { runSlice } from '../disable-job/run-slice.ts'
import { OAuthError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import { omitUndefined } from '../omit-undefined.ts'
import type { DisableFilter, DisableJob } from '../ports/disable-job-store.ts'
import type { Server } from '../server.ts'
import { generateJobId } from '../tokens/job-id.ts'
import { members, parseRequest, text } from './parse-request.ts'
import { parseHost } from './redirect-host-filter.ts'
import { type OperatorIdentity, requireOperator } from './require-operator.ts'

/** A job and its pages are kept for 90 days, in seconds. */
const keepJob = 90 * 86_400

const expectedLimit = 'expected a whole number from 1 to 1000'

/** About how many clients one request examines, or enables, at most. */
export const sliceLimit = v.optional(
  v.pipe(
    v.number(expectedLimit),
    v.integer(expectedLimit),
    v.minValue(1, expectedLimit),
    v.maxValue(1000, expectedLimit),
  ),
  500,
)

const expectedThumbprint =
  'expected the SHA-256 thumbprint of a key (RFC 7638): 43 characters of base64url'

/** Whether a text is the base64url of 32 bytes, without bits that mean nothing. */
function isThumbprint(text: string): boolean {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.length === 32 && bytes.toString('base64url') === text
}

/** The operator's request to disable many clients. */
export const disableSchema = members({
  redirect_host: v.optional(text(255)),
  software_id: v.optional(text(16_384)),
  owner: v.optional(text(255)),
  iss: v.optional(v.pipe(v.string(), v.maxLength(2048, 'expected at most 2048 characters'))),
  key_thumbprint: v.optional(v.pipe(v.string(), v.check(isThumbprint, expectedThumbprint))),
  note: v.optional(text(1024)),
  dry_run: v.optional(v.boolean()),
  limit: sliceLimit,
})

export type DisableRequest = {
  readonly bearer: string | undefined
  readonly body: JsonObject
  /** Unix seconds. */
  readonly now: number
  /** Whether there is time for another page of clients. */
  readonly mayContinue: () => boolean
}

/**
 * Creates a job that disables the clients of a filter, and does its first slice. The job is stored
 * first: if the database fails then, the response has the job as it was created.
 * Throws OAuthError like `requireOperator`, and `invalid_request`.
 */
export async function disableClients(
  { bearer, body, now, mayContinue }: DisableRequest,
  server: Server,
): Promise<DisableJobView> {
  const { job, limit } = await requireOperator(bearer, now, server, (operator) =>
    parseJob(body, operator, now),
  )
  await server.disableJobs.create(job)
  server.annotate({ disable_job: job.id })
  try {
    const done = await runSlice(job, { now, limit, mayContinue }, server)
    server.annotate({ clients_disabled: done.job.disabled })
    return jobView(done.job, done.client_ids)
  } catch (error) {
    if (!(error instanceof OAuthError) || error.code !== 'temporarily_unavailable') throw error
    server.warn('the first slice of a job was interrupted', error)
    return jobView(job, [])
  }
}

function parseJob(
  body: JsonObject,
  operator: OperatorIdentity,
  now: number,
): { readonly job: DisableJob; readonly limit: number } {
  const { note, dry_run, limit, ...filters } = parseRequest(disableSchema, body)
  const job = omitUndefined({
    id: generateJobId(),
    state: 'running' as const,
    filter: parseFilter(filters),
    dry_run: dry_run || undefined,
    note,
    ...operator,
    created_at: now,
    updated_at: now,
    expires_at: now + keepJob,
    revision: 1,
    pages: 0,
    undone_pages: 0,
    ...{ examined: 0, matched: 0, disabled: 0, already_disabled: 0, deleted: 0, skipped: 0 },
    ...{ enabled: 0, untouched: 0 },
  })
  return { job, limit }
}

type Filters = Pick<
  v.InferOutput<typeof disableSchema>,
  'redirect_host' | 'software_id' | 'owner' | 'iss' | 'key_thumbprint'
>

function parseFilter({ iss, ...filters }: Filters): DisableFilter {
  const { redirect_host, software_id, owner, key_thumbprint } = filters
  if (Object.values(filters).filter((value) => value !== undefined).length !== 1)
    throw new OAuthError(
      'invalid_request',
      'expected exactly one of redirect_host, software_id, owner, key_thumbprint',
    )
  if (iss !== undefined && owner === undefined)
    throw new OAuthError('invalid_request', 'iss: expected together with owner')
  if (owner !== undefined) return omitUndefined({ owner, iss })
  if (software_id !== undefined) return { software_id }
  if (key_thumbprint !== undefined) return { key_thumbprint }
  const host = redirect_host === undefined ? undefined : parseHost(redirect_host)
  if (host === undefined)
    throw new OAuthError(
      'invalid_request',
      'redirect_host: expected a host without scheme, port and path',
    )
  return { redirect_host: host }
}
