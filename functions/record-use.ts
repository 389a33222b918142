import type { EventBridgeEvent } from 'aws-lambda'
import { dynamodbClientUseStore } from '../lib/adapters/dynamodb/client-use-store.ts'
import { documentClient } from '../lib/adapters/dynamodb/document-client.ts'
import { OAuthError } from '../lib/errors.ts'
import type { JsonObject } from '../lib/json.ts'
import { currentTime } from '../lib/read/active-client.ts'
import { parseReport, recordUse, type UseReportResponse } from '../lib/record-use.ts'
import { readSettings } from './config.ts'
import { required } from './environment.ts'
import { log } from './log.ts'

const clientUse = dynamodbClientUseStore(documentClient(), required(process.env, 'TABLE_NAME'))
const settings = readSettings()

/**
 * Records the uses that an authorization server reports as an event `client.used`. A malformed
 * event is logged, and not retried. Lambda retries it after any other error. The sender chooses the
 * time of an event, so one from the future counts as one of now.
 */
export async function handler({
  detail,
  time,
}: EventBridgeEvent<'client.used', JsonObject>): Promise<UseReportResponse | undefined> {
  const now = Math.min(Math.floor(Date.parse(time) / 1000), currentTime())
  try {
    const uses = parseReport(detail, now)
    const counts = await recordUse(uses, now, { settings, clientUse, annotate: () => {} })
    log.info('use recorded', counts)
    return counts
  } catch (error) {
    log.fault('a report of use was not recorded', error)
    if (error instanceof OAuthError && error.code === 'invalid_request') return undefined
    throw error
  }
}
