import * as v from 'valibot'
import {
  type DisableJobView,
  jobView,
  type ListedDisableJob,
  listedJob,
} from '../disable-job/job-view.ts'
import { listClientsOfJob } from '../disable-job/list-clients-of-job.ts'
import { cancelJob, runSlice, undoJob } from '../disable-job/run-slice.ts'
import { jobNotFound, type SliceResult } from '../disable-job/slice.ts'
import { OAuthError } from '../errors.ts'
import type { DisableJob } from '../ports/disable-job-store.ts'
import type { Server } from '../server.ts'
import { isJobId } from '../tokens/job-id.ts'
import { type DisableRequest, sliceLimit } from './disable-clients.ts'
import { decodeCursor, nextCursor, parseLimit } from './pagination.ts'
import { members, parseRequest } from './parse-request.ts'
import { requireOperator } from './require-operator.ts'

/** What an operator does with a job. */
export const actionSchema = members({
  action: v.picklist(['continue', 'cancel', 'undo'], 'expected continue, cancel or undo'),
  limit: sliceLimit,
})

/**
 * Does the next slice of a job or of its undo, cancels a running job, or begins to undo it. The
 * same request can be repeated. Throws OAuthError like `requireOperator`, `invalid_request`,
 * `not_found`, and `conflict` if the job is in a state that does not allow it.
 */
export async function changeDisableJob(
  { bearer, body, now, mayContinue, id }: DisableRequest & { readonly id: string },
  server: Server,
): Promise<DisableJobView> {
  const parse = () => parseRequest(actionSchema, body)
  const { action, limit } = await requireOperator(bearer, now, server, parse)
  const job = await findJob(id, now, server)
  const slice = { now, limit, mayContinue }
  const { job: changed, client_ids } = await act(action, job, slice, server)
  const { disabled, enabled } = changed
  server.annotate({ job_action: action, clients_disabled: disabled, clients_enabled: enabled })
  return jobView(changed, client_ids)
}

type Action = v.InferOutput<typeof actionSchema>['action']

async function act(
  action: Action,
  job: DisableJob,
  slice: Parameters<typeof runSlice>[1],
  server: Server,
): Promise<SliceResult> {
  if (action === 'continue') return runSlice(job, slice, server)
  if (action === 'undo') {
    if (job.dry_run) throw new OAuthError('conflict', 'a dry run disabled no client')
    return undoJob(job, slice, server)
  }
  const cancelled = await cancelJob(job, slice.now, server)
  if (cancelled.state === 'cancelled') return { job: cancelled, client_ids: [] }
  throw new OAuthError('conflict', `a job that is ${cancelled.state} cannot be cancelled`)
}

export type DisableJobRequest = {
  readonly bearer: string | undefined
  /** Unix seconds. */
  readonly now: number
  /** Page size, 1 to 100, in decimal; default 50. */
  readonly limit: string | undefined
  /** `next_cursor` of the previous page. */
  readonly cursor: string | undefined
}

/**
 * Shows a job, and a page of the clients that it disabled, or that a dry run would disable. A page
 * may contain fewer clients than `limit`. Throws OAuthError like `requireOperator`,
 * `invalid_request` and `not_found`.
 */
export async function getDisableJob(
  { bearer, now, limit, cursor, id }: DisableJobRequest & { readonly id: string },
  server: Server,
): Promise<DisableJobView & { readonly next_cursor?: string }> {
  const parse = () => [parseLimit(limit), decodeCursor(cursor)] as const
  const [size, from] = await requireOperator(bearer, now, server, parse)
  const job = await findJob(id, now, server)
  const { client_ids, next } = await listClientsOfJob(job, size, from, server)
  return { ...jobView(job, client_ids), ...nextCursor(next) }
}

/** Lists jobs, newest first; eventually consistent. Throws OAuthError like `requireOperator`. */
export async function listDisableJobs(
  { bearer, now, limit, cursor }: DisableJobRequest,
  server: Server,
): Promise<{ readonly jobs: readonly ListedDisableJob[]; readonly next_cursor?: string }> {
  const parse = () => [parseLimit(limit), decodeCursor(cursor)] as const
  const [size, from] = await requireOperator(bearer, now, server, parse)
  const { jobs, next } = await server.disableJobs.list(size, from)
  const listed = jobs.filter(({ expires_at }) => expires_at > now).map(listedJob)
  return { jobs: listed, ...nextCursor(next) }
}

async function findJob(id: string, now: number, server: Server): Promise<DisableJob> {
  const job = isJobId(id) ? await server.disableJobs.find(id) : undefined
  // Time to live deletes late.
  if (job === undefined || job.expires_at <= now) throw jobNotFound()
  server.annotate({ disable_job: id })
  return job
}
