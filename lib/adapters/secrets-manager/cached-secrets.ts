import type { Secrets } from './secrets.ts'

/** Milliseconds after which secrets that are used are read anew. */
const freshMs = 300_000
/** Milliseconds between two readings at the least, whoever asks for what is not there. */
const minReadIntervalMs = 10_000

export type CachedSecrets = {
  /**
   * The secrets, at once where they have ever been read; those older than five minutes are read anew meanwhile. Rejects
   * where they have never been read.
   */
  current(): Promise<Secrets>
  /** The secrets of the last five minutes: older ones are read anew first. What is there serves where that fails. */
  recent(): Promise<Secrets>
  /** The secrets, read anew because something is missing from them; at most once in ten seconds. */
  refreshed(): Promise<Secrets>
  /** Whether the last reading failed, so that what is held may be of yesterday. */
  readonly isStale: boolean
}

/** Keeps secrets in memory; what is there goes on serving while a new reading fails. */
export function cachedSecrets(read: () => Promise<Secrets>, clock = Date.now): CachedSecrets {
  let held: Secrets | undefined
  let readAt = Number.NEGATIVE_INFINITY
  let reading: Promise<Secrets> | undefined
  let isStale = false

  const isOlderThan = (ageMs: number) => clock() - readAt >= ageMs

  function readOnce(): Promise<Secrets> {
    reading ??= readNow().finally(() => {
      reading = undefined
    })
    return reading
  }

  async function readNow(): Promise<Secrets> {
    try {
      held = await read()
      isStale = false
    } catch (error) {
      isStale = true
      if (held === undefined) throw error
    }
    readAt = clock()
    return held
  }

  /** The secrets, read anew first where what is held is as old as this. */
  const youngerThan = async (ageMs: number) =>
    held === undefined || isOlderThan(ageMs) ? readOnce() : held

  return {
    async current() {
      const read = youngerThan(freshMs)
      return held ?? read
    },
    recent: () => youngerThan(freshMs),
    refreshed: () => youngerThan(minReadIntervalMs),
    get isStale() {
      return isStale
    },
  }
}
