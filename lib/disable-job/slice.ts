import { OAuthError } from '../errors.ts'
import type { DisableJob } from '../ports/disable-job-store.ts'
import type { Server } from '../server.ts'

/** The part of a job that one request does. */
export type Slice = {
  /** Unix seconds. */
  readonly now: number
  /** About how many clients the request examines, or enables, at most. */
  readonly limit: number
  /** Whether there is time for another page. */
  readonly mayContinue: () => boolean
}

export type SliceResult = {
  readonly job: DisableJob
  /** The clients that the slice disabled or enabled, or that a dry run would disable. */
  readonly client_ids: readonly string[]
}

type Ports = Pick<Server, 'disableJobs'>

export const jobNotFound = () => new OAuthError('not_found', 'no such job')

/** Saves the job; if another request did before, returns what that one saved. */
export async function saved(job: DisableJob, { disableJobs }: Ports): Promise<DisableJob> {
  const stored = await disableJobs.save(job)
  if (stored === undefined) throw jobNotFound()
  return stored
}

/** Attempts to change a job while other requests do slices of it. */
const maxAttempts = 8

/** Changes a job as it is now; `change` returns the same job where nothing is left to change. */
export async function transition(
  job: DisableJob,
  change: (job: DisableJob) => DisableJob,
  ports: Ports,
): Promise<DisableJob> {
  let current = job
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const changed = change(current)
    if (changed === current) return current
    current = await saved(changed, ports)
  }
  if (change(current) === current) return current
  throw new OAuthError('temporarily_unavailable', 'other requests work on the job; retry later')
}
