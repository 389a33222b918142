import type { RequestLogFields } from './request-log-fields.ts'

/** Which clients a job disables: exactly one of four. */
export type DisableFilter =
  /** A host of the redirect URIs, as a URL parser writes it. */
  | { readonly redirect_host: string }
  | { readonly software_id: string }
  /** Without `iss`, the `sub` at every issuer; with an empty one, owners that an operator named. */
  | { readonly owner: string; readonly iss?: string }
  /** RFC 7638, SHA-256, in base64url: a key of `jwks`. */
  | { readonly key_thumbprint: string }

export type DisableJobState = 'running' | 'done' | 'cancelled' | 'undoing' | 'undone'

/** How many clients came to which end. `matched` is the sum of the four after it. */
export type DisableCounts = {
  /** Clients that were compared with the filter. */
  readonly examined: number
  readonly matched: number
  /** Clients that the job disabled; in a dry run, 0. */
  readonly disabled: number
  /** Clients that were disabled already, or awaited approval. */
  readonly already_disabled: number
  /** Clients that were deleted before the job disabled them. */
  readonly deleted: number
  /** Clients that a dry run left enabled, or a job that was cancelled first. */
  readonly skipped: number
}

/** (Ours) a job of an operator that disables many clients. Times are Unix seconds. */
export type DisableJob = Pick<RequestLogFields, 'operator' | 'operator_iss'> &
  DisableCounts & {
    readonly id: string
    readonly state: DisableJobState
    readonly filter: DisableFilter
    /** Set if the job only lists what it would disable. */
    readonly dry_run?: true
    readonly note?: string
    readonly created_at: number
    readonly updated_at: number
    readonly ended_at?: number
    /** The job and its pages are deleted then; it cannot be undone any more. */
    readonly expires_at: number
    /** Counts the writes of the job; the condition of the next one. */
    readonly revision: number
    /** Number of pages that are settled. The next one may be planned. */
    readonly pages: number
    /** Position at which the next page starts; absent at first, and after the last. */
    readonly position?: string
    /** Set when no request can disable a client for this job any more. */
    readonly closed?: true
    /** Number of pages that the undo has been through. */
    readonly undone_pages: number
    /** Clients that the undo enabled. */
    readonly enabled: number
    /** Clients that the undo left as they were: somebody else decided on them since. */
    readonly untouched: number
  }

/** What one page of the walk found, stored before any of its clients is disabled. */
export type DisablePage = {
  /** The clients that match and are enabled. */
  readonly client_ids: readonly string[]
  readonly examined: number
  /** Clients that match and were disabled when the page was read. */
  readonly already_disabled: number
  /** Position of the next page; absent on the last. */
  readonly next?: string
  /** What became of `client_ids`; absent until all of them are settled. */
  readonly settled?: SettledPage
}

/** A page whose clients are all settled. */
export type Settled = DisablePage & { readonly settled: SettledPage }

/** The exceptions: all other clients of the page were disabled. */
export type SettledPage = {
  readonly already_disabled: readonly string[]
  readonly deleted: readonly string[]
  readonly skipped: readonly string[]
}

/** What became of a client of a page. */
export type DisableOutcome = 'disabled' | keyof SettledPage

/**
 * Port for the jobs that disable many clients. Every write is atomic and conditional, so that a
 * request can be repeated after any of them, and several requests can work on one job. Rejects with
 * OAuthError `temporarily_unavailable` if the database is unavailable.
 */
export type DisableJobStore = {
  create(job: DisableJob): Promise<void>
  find(id: string): Promise<DisableJob | undefined>
  /** Lists jobs, newest first, from a previous page's `next`. */
  list(
    limit: number,
    from: string | undefined,
  ): Promise<{ readonly jobs: readonly DisableJob[]; readonly next: string | undefined }>
  /** Replaces the job if it has the revision before; returns what is stored then. */
  save(job: DisableJob): Promise<DisableJob | undefined>
  /** Stores a page unless there is one of this number; returns the one that is stored. */
  plan(job: DisableJob, number: number, page: DisablePage): Promise<DisablePage>
  /** Stores what became of a page, once; returns the page that is stored. */
  settle(job: DisableJob, number: number, page: Settled): Promise<Settled>
  /** The pages from this number on, at most `count`, which is at most 100. */
  pages(id: string, from: number, count: number): Promise<readonly DisablePage[]>
  /** Disables a client for the job, once. `now` in Unix seconds. */
  disable(id: string, client_id: string, now: number): Promise<DisableOutcome>
  /** Makes sure that the job disables the client never more; says whether it did before. */
  passOver(id: string, client_id: string): Promise<DisableOutcome>
  /** Enables a client if the job disabled it and nobody decided on it since. */
  enable(id: string, client_id: string): Promise<'enabled' | 'untouched'>
  /** Those of these clients, at most 100, that the job disabled at some time. */
  disabledOf(id: string, client_ids: readonly string[]): Promise<readonly string[]>
}
