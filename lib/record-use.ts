import * as v from 'valibot'
import { OAuthError } from './errors.ts'
import type { JsonObject } from './json.ts'
import { members, parseRequest } from './operator/parse-request.ts'
import type { ClientUse, UseOutcome } from './ports/client-use-store.ts'
import type { Server } from './server.ts'
import { isClientId } from './tokens/client-id.ts'

/** Maximum number of clients in one report. */
export const maxReportedClients = 500

/** Clock skew, in seconds, by which a reported time may be ahead of this service's. */
const maxSkewSeconds = 60

const unixTime = v.pipe(
  v.number('expected Unix seconds'),
  v.check((value) => Number.isInteger(value) && value >= 0, 'expected Unix seconds'),
)

/** The report of an authorization server: which clients were used, and when. */
export const reportSchema = members({
  clients: v.pipe(
    v.array(
      members({
        client_id: v.pipe(v.string(), v.check(isClientId, 'expected a client identifier')),
        used_at: unixTime,
      }),
      'expected a list of clients',
    ),
    v.maxLength(maxReportedClients, `expected at most ${maxReportedClients} clients`),
  ),
})

/**
 * Parses a report: one use for each client, its latest. A time slightly ahead of the clock becomes
 * `now`. Throws OAuthError `invalid_request`, which names the index of an invalid entry.
 */
export function parseReport(body: JsonObject, now: number): readonly ClientUse[] {
  const { clients } = parseRequest(reportSchema, body)
  const latest = new Map<string, number>()
  for (const [index, { client_id, used_at }] of clients.entries()) {
    if (used_at > now + maxSkewSeconds)
      throw new OAuthError('invalid_request', `clients.${index}.used_at: is in the future`)
    latest.set(client_id, Math.max(latest.get(client_id) ?? 0, Math.min(used_at, now)))
  }
  return [...latest].map(([client_id, used_at]) => ({ client_id, used_at }))
}

/** Number of clients of a report by outcome. */
export type UseReportResponse = {
  readonly recorded: number
  readonly unchanged: number
  readonly unknown: number
}

/**
 * Records the uses of different clients. Unknown clients are counted and ignored: they may have
 * been deleted since. `now` in Unix seconds.
 */
export async function recordUse(
  uses: readonly ClientUse[],
  now: number,
  { settings, clientUse, annotate }: Pick<Server, 'settings' | 'clientUse' | 'annotate'>,
): Promise<UseReportResponse> {
  const outcomes = await clientUse.record(uses)
  if (settings.cleanUp.mode !== 'off') await clientUse.noteReport(now)
  const count = (outcome: UseOutcome) => outcomes.filter((other) => other === outcome).length
  const revived = count('revived')
  const counts = {
    recorded: count('recorded') + revived,
    unchanged: count('unchanged'),
    unknown: count('unknown'),
  }
  annotate({
    uses_recorded: counts.recorded,
    uses_unchanged: counts.unchanged,
    uses_unknown: counts.unknown,
    ...(revived > 0 && { uses_revived: revived }),
  })
  return counts
}
