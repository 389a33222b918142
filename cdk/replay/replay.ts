import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import * as v from 'valibot'
import { changeOf } from '../../lib/dynamodb/stream-record.ts'
import type { EventBus } from '../../lib/events/event-bus.ts'
import { publishChanges } from '../../lib/events/publish-changes.ts'
import type { RegistryEvent } from '../../lib/events/registry-event.ts'
import { stateOf, statesOf } from './items.ts'
import { deadLetter, recordsOf } from './stretch.ts'

export type Replay = {
  readonly streams: DynamoDBStreamsClient
  readonly dynamodb: DynamoDBClient
  readonly bus: EventBus
  readonly tell: (line: string) => void
}

/** Publishes again what a dead letter points to; resolves to whether nothing of it is left to publish. */
export async function replayLetter(body: string, replay: Replay): Promise<boolean> {
  const { DDBStreamBatchInfo: stretch, record } = v.parse(deadLetter, JSON.parse(body))
  const { streams, dynamodb, bus, tell } = replay
  const { startSequenceNumber: from, endSequenceNumber: to } = stretch
  const name = record?.key ?? `the stretch from ${from} to ${to}`
  const [table = '', tableName = ''] = /^.*:table\/([^/]+)/.exec(stretch.streamArn) ?? []
  const records = await recordsOf(streams, stretch)
  if (records !== undefined) {
    const read = (one: (typeof records)[number]) => ({ change: changeOf(one), table })
    const failed = await publishChanges(records, read, bus, async (lost) => {
      for (const { record, cause } of lost) tell(`${record.eventID} cannot be published: ${cause}`)
      return 0
    })
    tell(`${name}: ${records.length} records read, ${failed ? 'not all' : 'all'} published`)
    return failed === undefined
  }
  if (record?.key === undefined) {
    tell(`${name} is gone from the stream: publish the present state, by --table ${tableName}`)
    return false
  }
  const event = await stateOf(dynamodb, tableName, record.key)
  if (event === undefined) {
    tell(`${name} is gone from the stream and from the table: nothing is left to publish`)
    return true
  }
  return publishStates([event], table, replay)
}

export type ReplayedTable = {
  /** Its ARN. */
  readonly table: string
  readonly tableName: string
  readonly isRestored: boolean
}

/** Publishes all clients and initial access tokens as they stand; resolves to whether all of them are published. */
export async function replayTable(
  { table, tableName, isRestored }: ReplayedTable,
  replay: Replay,
): Promise<boolean> {
  for await (const events of statesOf(replay.dynamodb, tableName, isRestored))
    if (!(await publishStates(events, table, replay))) return false
  return true
}

async function publishStates(
  events: readonly RegistryEvent[],
  table: string,
  { bus, tell }: Replay,
): Promise<boolean> {
  if (events.length === 0) return true
  const { settled, refused } = await bus.publish(events.map((event) => ({ event, table })))
  tell(`${settled - refused.size} of ${events.length} told as they stand`)
  return settled === events.length && refused.size === 0
}
