import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import * as v from 'valibot'
import { parseStreamRecord } from '../../../lib/adapters/dynamodb/stream-record.ts'
import { publishChanges } from '../../../lib/events/publish-changes.ts'
import type { RegistryEvent } from '../../../lib/events/registry-event.ts'
import type { EventBus } from '../../../lib/ports/event-bus.ts'
import { getState, listStates } from './states.ts'
import { deadLetter, readRecords } from './stream-range.ts'

export type Republishing = {
  readonly streams: DynamoDBStreamsClient
  readonly dynamodb: DynamoDBClient
  readonly bus: EventBus
  readonly log: (line: string) => void
}

/**
 * Republishes the records that a dead-letter message points to. Resolves to true when none of them
 * remains unpublished.
 */
export async function republishMessage(body: string, republish: Republishing): Promise<boolean> {
  const { DDBStreamBatchInfo: range, record } = v.parse(deadLetter, JSON.parse(body))
  const { streams, dynamodb, bus, log } = republish
  const { startSequenceNumber: from, endSequenceNumber: to } = range
  const name = record?.key ?? `the range from ${from} to ${to}`
  const [table = '', tableName = ''] = /^.*:table\/([^/]+)/.exec(range.streamArn) ?? []
  const records = await readRecords(streams, range)
  if (records !== undefined) {
    const read = (one: (typeof records)[number]) => ({ change: parseStreamRecord(one), table })
    const failed = await publishChanges(records, read, bus, async (lost) => {
      for (const { record, cause } of lost) log(`${record.eventID} cannot be published: ${cause}`)
      return 0
    })
    log(`${name}: ${records.length} records read, ${failed ? 'not all' : 'all'} published`)
    return failed === undefined
  }
  if (record?.key === undefined) {
    log(`${name} is gone from the stream: publish the present state, by --table ${tableName}`)
    return false
  }
  const event = await getState(dynamodb, tableName, record.key)
  if (event === undefined) {
    log(`${name} is gone from the stream and from the table: nothing is left to publish`)
    return true
  }
  return publishStates([event], table, republish)
}

export type RepublishedTable = {
  /** ARN of the table. */
  readonly table: string
  readonly tableName: string
  readonly isRestored: boolean
}

/**
 * Publishes the current state of all clients and initial access tokens. Resolves to whether all of
 * them were published.
 */
export async function republishTable(
  { table, tableName, isRestored }: RepublishedTable,
  republish: Republishing,
): Promise<boolean> {
  let count = 0
  for await (const events of listStates(republish.dynamodb, tableName, isRestored)) {
    if (!(await publishStates(events, table, republish))) return false
    count += events.length
  }
  republish.log(`${count} current states published`)
  return true
}

async function publishStates(
  events: readonly RegistryEvent[],
  table: string,
  { bus, log }: Republishing,
): Promise<boolean> {
  if (events.length === 0) return true
  const { publishedCount, rejected } = await bus.publish(events.map((event) => ({ event, table })))
  log(`${publishedCount - rejected.size} of ${events.length} published as current states`)
  return publishedCount === events.length && rejected.size === 0
}
