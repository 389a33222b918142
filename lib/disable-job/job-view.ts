import { omitUndefined } from '../omit-undefined.ts'
import type { DisableCounts, DisableJob } from '../ports/disable-job-store.ts'

/** A job in lists. Times are Unix seconds. */
export type ListedDisableJob = DisableCounts &
  Pick<
    DisableJob,
    | 'id'
    | 'state'
    | 'filter'
    | 'note'
    | 'operator'
    | 'operator_iss'
    | 'created_at'
    | 'updated_at'
    | 'ended_at'
    | 'expires_at'
    | 'enabled'
    | 'untouched'
  > & { readonly dry_run: boolean }

/** A job, and clients of it. */
export type DisableJobView = ListedDisableJob & { readonly client_ids: readonly string[] }

export const jobView = (job: DisableJob, client_ids: readonly string[]): DisableJobView => ({
  ...listedJob(job),
  client_ids,
})

/** Allowlist: a member that is not named here is never returned. */
export const listedJob = (job: DisableJob): ListedDisableJob =>
  omitUndefined({
    id: job.id,
    state: job.state,
    filter: job.filter,
    dry_run: job.dry_run ?? false,
    note: job.note,
    operator: job.operator,
    operator_iss: job.operator_iss,
    created_at: job.created_at,
    updated_at: job.updated_at,
    ended_at: job.ended_at,
    expires_at: job.expires_at,
    examined: job.examined,
    matched: job.matched,
    disabled: job.disabled,
    already_disabled: job.already_disabled,
    deleted: job.deleted,
    skipped: job.skipped,
    enabled: job.enabled,
    untouched: job.untouched,
  })
