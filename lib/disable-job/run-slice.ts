import type { DisableJob } from '../ports/disable-job-store.ts'
import { type Slice, type SliceResult, saved, transition } from './slice.ts'
import { undoPages } from './undo-pages.ts'
import { type DisableJobPorts, disabledOn, planPage, settlePage, withPage } from './walk-clients.ts'

/** Clients of a page. */
const maxPage = 100

/**
 * Does the next slice of a running job, of its undo, or of its cancellation; of any other job,
 * nothing. A slice can be repeated after any of its writes, and several can run at once: a page is
 * planned once, and each of its clients is disabled once (decision 0042).
 * Throws OAuthError `not_found` if the job has expired, and `temporarily_unavailable`.
 */
export async function runSlice(
  job: DisableJob,
  slice: Slice,
  ports: DisableJobPorts,
): Promise<SliceResult> {
  if (job.state === 'undoing') return undoSlice(job, slice, ports)
  // A cancellation that was interrupted has left a page open.
  if (job.state === 'cancelled')
    return { job: await closeJob(job, slice.now, ports), client_ids: [] }
  const { now, limit, mayContinue } = slice
  const { disableJobs } = ports
  const client_ids: string[] = []
  let current = job
  let left = limit
  while (current.state === 'running' && left > 0 && mayContinue()) {
    const before = current
    const planned = await planPage(before, Math.min(left, maxPage), ports)
    const disable = (client_id: string) => disableJobs.disable(before.id, client_id, now)
    const page = await settlePage(before, planned, disable, ports)
    client_ids.push(...(before.dry_run ? page.client_ids : disabledOn(page)))
    left -= Math.max(page.examined, 1)
    current = await saved(ended(withPage(before, page, now), page.next, now), ports)
  }
  return { job: current, client_ids }
}

const ended = (job: DisableJob, next: string | undefined, now: number): DisableJob =>
  next === undefined ? { ...job, state: 'done', closed: true, ended_at: now } : job

/** Cancels a running job; leaves any other as it is. Clients that it disabled stay disabled. */
export async function cancelJob(
  job: DisableJob,
  now: number,
  ports: DisableJobPorts,
): Promise<DisableJob> {
  const cancel = (running: DisableJob): DisableJob =>
    running.state === 'running'
      ? { ...running, state: 'cancelled', updated_at: now, ended_at: now }
      : running
  const current = await transition(job, cancel, ports)
  return current.state === 'cancelled' ? closeJob(current, now, ports) : current
}

/** Begins to undo a job, or goes on with it. */
export async function undoJob(
  job: DisableJob,
  slice: Slice,
  ports: DisableJobPorts,
): Promise<SliceResult> {
  const undo = (current: DisableJob): DisableJob => {
    const { ended_at: _, ...kept } = current
    const isUndone = current.state === 'undoing' || current.state === 'undone'
    return isUndone ? current : { ...kept, state: 'undoing', updated_at: slice.now }
  }
  return undoSlice(await transition(job, undo, ports), slice, ports)
}

async function undoSlice(
  job: DisableJob,
  slice: Slice,
  ports: DisableJobPorts,
): Promise<SliceResult> {
  if (job.state !== 'undoing') return { job, client_ids: [] }
  return undoPages(await closeJob(job, slice.now, ports), slice, ports)
}

/**
 * Settles the page that a request may be working on, so that no request disables another client
 * for a job that was cancelled or is undone, however late it is.
 */
async function closeJob(job: DisableJob, now: number, ports: DisableJobPorts): Promise<DisableJob> {
  if (job.closed) return job
  const { disableJobs } = ports
  const nothing = { already_disabled: [], deleted: [], skipped: [] }
  const last = { client_ids: [], examined: 0, already_disabled: 0, settled: nothing }
  const planned = await disableJobs.plan(job, job.pages, last)
  const passOver = (client_id: string) => disableJobs.passOver(job.id, client_id)
  const page = await settlePage(job, planned, passOver, ports)
  return saved({ ...withPage(job, page, now), closed: true }, ports)
}
