import { mapConcurrently } from '../concurrently.ts'
import type { CoveredClient, DueKind } from '../ports/clean-up-store.ts'
import { actsFrom, isCovered, staleFrom } from './due.ts'
import type { CleanUpCounts, CleanUpPorts, Night } from './night.ts'
import { scheduleExisting } from './schedule-existing.ts'

export type CleanUpResult = CleanUpCounts & {
  /** Whether everything that was due was looked at; otherwise the next night continues. */
  readonly finished: boolean
  /** Whether no use was reported lately, so that nobody was made stale. */
  readonly reports_missing: boolean
}

const pageSize = 100
const maxWrites = 20
const day = 86_400

/** Seconds without a report after which use counts as not reported. */
const reportsMissingAfter = 2 * day

/**
 * One night of clean-up. Makes clients stale that were not used for long, and deletes those that
 * have been stale for long, or on which nobody decided. It can be interrupted at any point: what
 * was done is no longer due, and the next night does the rest. `now` in Unix seconds.
 * Throws OAuthError `temporarily_unavailable` if the database is unavailable.
 */
export async function cleanUp(now: number, ports: CleanUpPorts): Promise<CleanUpResult> {
  const { settings, store } = ports
  const lastReport = await store.lastReport()
  const isReported = lastReport !== undefined && lastReport > now - reportsMissingAfter
  const counts: CleanUpCounts = {
    scheduled: 0,
    kept: 0,
    due: 0,
    stale: 0,
    deleted: 0,
    released: 0,
    changed: 0,
  }
  const night = { ...ports, now, counts, acts: settings.cleanUp.mode === 'on' && isReported }
  const finished =
    (await scheduleExisting(night)) &&
    (await settleAll('DUE', settleInUse, night)) &&
    (await settleAll('STALE', settleStale, night))
  return { ...counts, finished, reports_missing: !isReported }
}

type Settle = (client: CoveredClient, night: Night) => Promise<keyof CleanUpCounts>

/** Settles every client of this kind that is due. Resolves to whether there was time for all. */
async function settleAll(kind: DueKind, settle: Settle, night: Night): Promise<boolean> {
  const { store, now, counts, mayContinue } = night
  let from: string | undefined
  do {
    if (!mayContinue()) return false
    const { clients, next } = await store.listDue(kind, now, pageSize, from)
    await mapConcurrently(clients, maxWrites, async (client) => {
      counts[await settle(client, night)] += 1
    })
    from = next
  } while (from !== undefined)
  return true
}

const settleInUse: Settle = async (client, night) => {
  const { now, settings, store, acts } = night
  const { cleanUp } = settings
  if (!isCovered(client.registration_method, cleanUp))
    return (await store.release(client)) ? 'released' : 'changed'
  const actsAt = actsFrom(client, cleanUp)
  if (actsAt > now) {
    // Its time to be unused begins with a decision, which may come at any moment.
    const nextLook = client.pending_at === undefined ? actsAt : now + cleanUp.neverUsedAfter
    return (await store.keep(client, Math.min(actsAt, nextLook))) ? 'kept' : 'changed'
  }
  // Nobody could use a client that awaits approval, so it does not matter whether use is reported.
  if (client.pending_at !== undefined) return cleanUp.mode === 'on' ? bury(client, night) : 'due'
  if (!acts) return 'due'
  return (await store.makeStale(client, now, now + cleanUp.deleteAfter)) ? 'stale' : 'changed'
}

const settleStale: Settle = async (client, night) => {
  const { settings, store, acts } = night
  const { cleanUp } = settings
  if (client.stale_at === undefined)
    return (await store.keep(client, staleFrom(client, cleanUp))) ? 'kept' : 'changed'
  if (!acts) return 'due'
  if (!isCovered(client.registration_method, cleanUp))
    return (await store.release(client)) ? 'released' : 'changed'
  return bury(client, night)
}

async function bury(client: CoveredClient, { now, settings, store }: Night) {
  const { keepTombstone } = settings.cleanUp
  return (await store.bury(client, now, now + keepTombstone)) ? 'deleted' : 'changed'
}
