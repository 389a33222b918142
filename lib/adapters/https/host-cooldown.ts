import type { FetchJson } from '../../ports/fetch-json.ts'
import { UnusableDocument } from './fetch-document.ts'

/** Milliseconds for which a host is not called again after it failed to respond. */
const cooldownMs = 60_000

const maxHosts = 1_000

/**
 * Wraps `read` so that it skips hosts that failed to respond recently. Otherwise each request that
 * names such a host would wait for its timeout. A host that responds is never skipped, even if the
 * document is unusable: other documents on the host may be valid.
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

/** Evicts the oldest entry if there are more than `maxHosts`. */
function remember(host: string, failedAt: Map<string, number>): void {
  failedAt.delete(host)
  failedAt.set(host, Date.now())
  const [oldest] = failedAt.keys()
  if (failedAt.size > maxHosts && oldest !== undefined) failedAt.delete(oldest)
}
