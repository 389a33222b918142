import { toPosition } from '../operator/pagination.ts'
import type { DisableJob, DisablePage } from '../ports/disable-job-store.ts'
import type { Server } from '../server.ts'
import { disabledOn } from './walk-clients.ts'

/** Pages read at a time, and at most how often: most of them may be empty. */
const maxPages = 100
const maxReads = 10

type Ports = Pick<Server, 'disableJobs'>

/**
 * Lists the clients that the job disabled, or that a dry run would disable, in the order of the
 * walk. `from` is `next` of the previous page. A page that is not settled counts as well.
 */
export async function listClientsOfJob(
  job: DisableJob,
  limit: number,
  from: string | undefined,
  ports: Ports,
): Promise<{ readonly client_ids: readonly string[]; readonly next: string | undefined }> {
  let [number = 0, offset = 0] = (from?.split('#') ?? []).map((part) => Number(part) || 0)
  const client_ids: string[] = []
  for (let read = 0; read < maxReads; read += 1) {
    const pages = await ports.disableJobs.pages(job.id, number, maxPages)
    for (const page of pages) {
      const clients = (await clientsOf(job, page, ports)).slice(offset)
      const taken = clients.slice(0, limit - client_ids.length)
      client_ids.push(...taken)
      if (taken.length < clients.length)
        return { client_ids, next: toPosition(number, String(offset + taken.length)) }
      number += 1
      offset = 0
    }
    if (pages.length < maxPages) return { client_ids, next: undefined }
  }
  return { client_ids, next: toPosition(number, '0') }
}

async function clientsOf(
  job: DisableJob,
  { settled, ...page }: DisablePage,
  { disableJobs }: Ports,
): Promise<readonly string[]> {
  if (job.dry_run) return page.client_ids
  if (settled !== undefined) return disabledOn({ ...page, settled })
  return disableJobs.disabledOf(job.id, page.client_ids)
}
