import { mapConcurrently } from '../concurrently.ts'
import type { DisableJob, DisablePage } from '../ports/disable-job-store.ts'
import { jobNotFound, type Slice, type SliceResult, saved } from './slice.ts'
import { type DisableJobPorts, disabledOn, maxWrites } from './walk-clients.ts'

/** Pages read at a time: most of them may be empty. */
const maxPages = 100

/**
 * Enables the clients that the job disabled, page by page, unless somebody else enabled, disabled
 * or decided on them since. Can be repeated after any of its writes.
 */
export async function undoPages(
  job: DisableJob,
  { now, limit, mayContinue }: Slice,
  ports: DisableJobPorts,
): Promise<SliceResult> {
  const { disableJobs } = ports
  const client_ids: string[] = []
  let current = job
  let left = limit
  while (current.state === 'undoing' && left > 0 && mayContinue()) {
    const { id, undone_pages, pages } = current
    const count = Math.min(maxPages, pages - undone_pages)
    const found = count === 0 ? [] : await disableJobs.pages(id, undone_pages, count)
    // The pages expire together with their job.
    if (found.length < count) throw jobNotFound()
    const taken = takePages(found, left)
    const disabled = taken.flatMap(clientsToEnable)
    const outcomes = await mapConcurrently(disabled, maxWrites, (client_id) =>
      disableJobs.enable(id, client_id),
    )
    const enabled = disabled.filter((_, index) => outcomes[index] === 'enabled')
    client_ids.push(...enabled)
    left -= Math.max(disabled.length, 1)
    current = await saved(withUndone(current, taken.length, disabled, enabled, now), ports)
  }
  return { job: current, client_ids }
}

/** The leading pages with at most this many clients, and at least one page. */
function takePages(pages: readonly DisablePage[], limit: number): readonly DisablePage[] {
  let clients = 0
  const end = pages.findIndex((page) => {
    clients += page.client_ids.length
    return clients > limit
  })
  return end === -1 ? pages : pages.slice(0, Math.max(end, 1))
}

function clientsToEnable({ settled, ...page }: DisablePage): readonly string[] {
  return settled === undefined ? page.client_ids : disabledOn({ ...page, settled })
}

function withUndone(
  job: DisableJob,
  pages: number,
  disabled: readonly string[],
  enabled: readonly string[],
  now: number,
): DisableJob {
  const undone_pages = job.undone_pages + pages
  return {
    ...job,
    updated_at: now,
    undone_pages,
    enabled: job.enabled + enabled.length,
    untouched: job.untouched + disabled.length - enabled.length,
    ...(undone_pages === job.pages && { state: 'undone', ended_at: now }),
  }
}
