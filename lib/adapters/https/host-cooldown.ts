import type { FetchJson } from '../../ports/fetch-json.ts'
import { UnusableDocument } from './fetch-document.ts'

/** Milliseconds for which a host that did not answer is not asked again. */
const cooldownMs = 60_000

const maxHosts = 1_000

/**
 * Reads documents, but not from a host that has just failed to answer: else each request that names it would wait for
 * it. A host that answers is asked again, whatever it said: somebody else's document there may be right.
 */
export function withHostCooldown(read: FetchJson): FetchJson {
  const failedAt = new Map<string, number>()
  return async (url) => {
    const { host } = new URL(url)
    if (Date.now() - (failedAt.get(host) ?? Number.NEGATIVE_INFINITY) < cooldownMs)
      throw new Error('the host did not answer within the last minute')
    try {
      return await read(url)
    } catch (cause) {
      if (!(cause instanceof UnusableDocument)) remember(host, failedAt)
      throw cause
    }
  }
}

/** Forgets the oldest where there are too many. */
function remember(host: string, failedAt: Map<string, number>): void {
  failedAt.delete(host)
  failedAt.set(host, Date.now())
  const [oldest] = failedAt.keys()
  if (failedAt.size > maxHosts && oldest !== undefined) failedAt.delete(oldest)
}
