import type { Context, ScheduledEvent } from 'aws-lambda'
import { dynamodbCleanUpStore } from '../lib/adapters/dynamodb/clean-up-store.ts'
import { documentClient } from '../lib/adapters/dynamodb/document-client.ts'
import { type CleanUpResult, cleanUp } from '../lib/clean-up/clean-up.ts'
import { readSettings } from './config.ts'
import { required } from './environment.ts'
import { log } from './log.ts'
import { recordCleanUp } from './metrics.ts'

const settings = readSettings()
const store = dynamodbCleanUpStore(documentClient(), required(process.env, 'TABLE_NAME'))

/** Time that one page of clients needs, with its retries. */
const pageMs = 10_000

/**
 * One night of clean-up, invoked by a schedule. Lambda retries it after an error; a retry continues
 * where it stopped.
 */
export async function handler(
  { time }: Pick<ScheduledEvent, 'time'>,
  context: Context,
): Promise<CleanUpResult> {
  const now = Math.floor(Date.parse(time) / 1000)
  const mayContinue = () => context.getRemainingTimeInMillis() > pageMs
  try {
    const result = await cleanUp(now, { settings, store, mayContinue })
    log.info('clean-up', { mode: settings.cleanUp.mode, ...result })
    if (result.reports_missing && settings.cleanUp.mode === 'on')
      log.warn('no use was reported for two days: no client was made stale or deleted', undefined)
    recordCleanUp(result)
    return result
  } catch (error) {
    log.fault('clean-up was interrupted, and will continue', error)
    throw error
  }
}
