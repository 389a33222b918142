import type { Secrets } from './secrets.ts'

/** Age in milliseconds after which a cached secret is refreshed on use. */
const freshMs = 300_000
/** Min interval in milliseconds between two reads, however many callers miss a secret. */
const minReadIntervalMs = 10_000

export type CachedSecrets = {
  /**
   * Returns the cached secrets immediately. If they are older than five minutes, they are refreshed
   * in the background. Rejects if they have never been read.
   */
  current(): Promise<Secrets>
  /**
   * Returns secrets that are at most five minutes old. If the refresh fails, the cached secrets are
   * returned.
   */
  recent(): Promise<Secrets>
  /**
   * Refreshes the secrets because something is missing from them; at most once every ten seconds.
   */
  refreshed(): Promise<Secrets>
  /** Whether the last read failed, so that the cached secrets may be out of date. */
  readonly isStale: boolean
}

/** Caches secrets in memory. The cached secrets remain in use while a refresh fails. */
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

  /** Returns the secrets and refreshes them first if the cached ones have reached this age. */
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
