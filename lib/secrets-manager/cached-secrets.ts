import type { Secrets } from './secrets.ts'

/** Milliseconds after which secrets that are used are read anew. */
const freshFor = 300_000
/** Milliseconds between two readings at the least, whoever asks for what is not there. */
const restFor = 10_000

export type CachedSecrets = {
  /** The secrets, read at most once in five minutes. Rejects where they have never been read. */
  current(): Promise<Secrets>
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

  const isOlderThan = (age: number) => clock() - readAt >= age

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

  return {
    current: async () => (held === undefined || isOlderThan(freshFor) ? readOnce() : held),
    refreshed: async () => (held === undefined || isOlderThan(restFor) ? readOnce() : held),
    get isStale() {
      return isStale
    },
  }
}
