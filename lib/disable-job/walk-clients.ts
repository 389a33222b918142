import { mapConcurrently } from '../concurrently.ts'
import { namedOwners } from '../operator/named-owners.ts'
import type { ClientFilter } from '../ports/client-admin-store.ts'
import type {
  DisableJob,
  DisableJobStore,
  DisablePage,
  Settled,
} from '../ports/disable-job-store.ts'
import type { Server } from '../server.ts'
import type { Settings } from '../settings/schema.ts'
import { matchesFilter } from './matches-filter.ts'

export type DisableJobPorts = Pick<Server, 'settings' | 'clientAdmin' | 'disableJobs'>

/** Writes in progress at a time: a page of a hundred clients takes a fraction of a second. */
export const maxWrites = 25

/** Reads the next page of clients and stores which of them the job is going to disable. */
export async function planPage(
  job: DisableJob,
  limit: number,
  { settings, clientAdmin, disableJobs }: DisableJobPorts,
): Promise<DisablePage> {
  const filter = toClientFilter(job, settings)
  const { clients, next } = await clientAdmin.list(filter, limit, job.position)
  const matches = await mapConcurrently(clients, maxWrites, (client) =>
    matchesFilter(client, job.filter),
  )
  const matching = clients.filter((_, index) => matches[index])
  const enabled = matching.filter(({ disabled_at }) => disabled_at === undefined)
  const client_ids = enabled.map(({ client_id }) => client_id)
  const isSettled = job.dry_run === true || client_ids.length === 0
  const skipped = job.dry_run ? client_ids : []
  return disableJobs.plan(job, job.pages, {
    client_ids,
    examined: clients.length,
    already_disabled: matching.length - client_ids.length,
    ...(next !== undefined && { next }),
    ...(isSettled && { settled: { already_disabled: [], deleted: [], skipped } }),
  })
}

/** Disables the clients of a page, or passes over those that are not disabled yet. */
export async function settlePage(
  job: DisableJob,
  page: DisablePage,
  settleClient: (client_id: string) => ReturnType<DisableJobStore['disable']>,
  { disableJobs }: Pick<Server, 'disableJobs'>,
): Promise<Settled> {
  const { client_ids, settled } = page
  if (settled !== undefined) return { ...page, settled }
  const outcomes = await mapConcurrently(client_ids, maxWrites, settleClient)
  const having = (outcome: string) => client_ids.filter((_, index) => outcomes[index] === outcome)
  const exceptions = {
    already_disabled: having('already_disabled'),
    deleted: having('deleted'),
    skipped: having('skipped'),
  }
  return disableJobs.settle(job, job.pages, { ...page, settled: exceptions })
}

/** The clients of a page that the job disabled. */
export function disabledOn({ client_ids, settled }: Settled): readonly string[] {
  const exceptions = new Set([...settled.already_disabled, ...settled.deleted, ...settled.skipped])
  return client_ids.filter((client_id) => !exceptions.has(client_id))
}

/** The job after a page of it was settled: its counts and the number of its pages. */
export function withPage(job: DisableJob, page: Settled, now: number): DisableJob {
  const { settled, next } = page
  const { position: _, ...kept } = job
  return {
    ...kept,
    ...(next !== undefined && { position: next }),
    updated_at: now,
    pages: job.pages + 1,
    examined: job.examined + page.examined,
    matched: job.matched + page.client_ids.length + page.already_disabled,
    disabled: job.disabled + disabledOn(page).length,
    already_disabled:
      job.already_disabled + page.already_disabled + settled.already_disabled.length,
    deleted: job.deleted + settled.deleted.length,
    skipped: job.skipped + settled.skipped.length,
  }
}

/**
 * Owners and software have an index. Hosts and keys have none: the job walks all clients, labelled,
 * pending and stale ones among them. Those registered after it are not walked.
 */
function toClientFilter({ filter, created_at }: DisableJob, settings: Settings): ClientFilter {
  const createdBefore = created_at + 1
  if ('owner' in filter) {
    const owners = namedOwners(filter.owner, filter.iss, settings)
    return { by: { name: 'owner', owners }, createdBefore }
  }
  if ('software_id' in filter)
    return { by: { name: 'software_id', value: filter.software_id }, createdBefore }
  return { includesPending: true, createdBefore }
}
