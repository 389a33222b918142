import type { RegisteredClient } from '../client.ts'

/** A client that clean-up covers. */
export type CoveredClient = RegisteredClient & { readonly due_at: number }

/** `DUE`: clients in use. `STALE`: clients that were made stale, and perhaps revived since. */
export type DueKind = 'DUE' | 'STALE'

/** Where a page of a list starts; opaque to callers. */
export type DuePosition = string

export type DuePage = {
  readonly clients: readonly CoveredClient[]
  /** Position of the next page; undefined on the last page. */
  readonly next: DuePosition | undefined
}

/** How far the walk through the clients that were registered before clean-up has come. */
export type Walk = {
  /** The kinds of registration for which it looks. */
  readonly registered_by: string
  /** The part of the list, from 0; all parts have been walked once it is `parts`. */
  readonly part: number
  readonly position?: string | undefined
  /** Unix seconds of the last night. */
  readonly ran_at: number
}

/**
 * Port for clean-up. A write has the condition that the client is as it was read: it resolves to
 * false, and changes nothing, if the client was used, revived or changed in that respect since.
 * Rejects with OAuthError `temporarily_unavailable` if the database is unavailable.
 */
export type CleanUpStore = {
  /** Lists clients that are due, in no particular order. Queries an index, never scans. */
  listDue(
    kind: DueKind,
    until: number,
    limit: number,
    from: DuePosition | undefined,
  ): Promise<DuePage>
  /** Moves a client among those in use, to be looked at again at `due_at`. */
  keep(client: CoveredClient, due_at: number): Promise<boolean>
  /** Makes a client stale at `stale_at`, to be looked at again at `due_at`. */
  makeStale(client: CoveredClient, stale_at: number, due_at: number): Promise<boolean>
  /** Ends clean-up for a client of a kind that it no longer covers, and revives it. */
  release(client: CoveredClient): Promise<boolean>
  /**
   * Deletes a stale client, releases its owner's quota, and stores its tombstone, in one
   * transaction. Also resolves to true if the client no longer exists.
   */
  bury(client: CoveredClient, now: number, tombstoneUntil: number): Promise<boolean>
  /** Number of parts of the list of all clients. */
  readonly parts: number
  /** Lists the clients of one part, oldest first. */
  listAll(
    part: number,
    from: string | undefined,
    limit: number,
  ): Promise<{ readonly clients: readonly RegisteredClient[]; readonly next: string | undefined }>
  /** Sets when clean-up first looks at a client that has no such time. */
  schedule(client_id: string, due_at: number): Promise<void>
  readWalk(): Promise<Walk | undefined>
  writeWalk(walk: Walk): Promise<void>
  /** Unix seconds of the first report of use on the last UTC day on which there was one. */
  lastReport(): Promise<number | undefined>
}
