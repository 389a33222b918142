import type { JsonObject } from '../json.ts'
import { parseReport, recordUse, type UseReportResponse } from '../record-use.ts'
import type { Server } from '../server.ts'
import { requireUseReporter } from './require-operator.ts'

export type UseReportRequest = {
  readonly bearer: string | undefined
  readonly body: JsonObject
  /** Unix seconds. */
  readonly now: number
}

/**
 * Records that clients were used, as their authorization server reports it. Throws OAuthError like
 * `requireUseReporter`, `invalid_request` and `temporarily_unavailable`; the same report can then be
 * sent again.
 */
export async function reportUse(
  { bearer, body, now }: UseReportRequest,
  server: Server,
): Promise<UseReportResponse> {
  const parse = () => parseReport(body, now)
  return recordUse(await requireUseReporter(bearer, now, server, parse), now, server)
}
