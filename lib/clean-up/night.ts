import type { CleanUpStore } from '../ports/clean-up-store.ts'
import type { Settings } from '../settings/schema.ts'

/** Number of clients by what a night did with them. */
export type CleanUpCounts = {
  /** Clients registered before clean-up that now have a time to be looked at. */
  scheduled: number
  /** Used or revived since; they are looked at again later. */
  kept: number
  /** Unused for long enough, but left as they are: clean-up observes, or no use is reported. */
  due: number
  stale: number
  deleted: number
  /** Of a kind of registration that clean-up no longer covers. */
  released: number
  /** Changed between the decision and the write, and left as they are. */
  changed: number
}

export type CleanUpPorts = {
  readonly settings: Pick<Settings, 'cleanUp'>
  readonly store: CleanUpStore
  /** False if the time that is left does not suffice for one more page. */
  readonly mayContinue: () => boolean
}

export type Night = CleanUpPorts & {
  readonly now: number
  readonly counts: CleanUpCounts
  /** Whether unused clients are made stale and deleted, and not only counted. */
  readonly acts: boolean
}
