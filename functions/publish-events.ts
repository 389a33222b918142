import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import { changeOf } from '../lib/dynamodb/stream-record.ts'
import { eventBridgeBus, eventBridgeClient } from '../lib/eventbridge/event-bus.ts'
import { publishChanges } from '../lib/events/publish-changes.ts'
import { required } from './environment.ts'
import { log } from './log.ts'

const bus = eventBridgeBus(eventBridgeClient(), required(process.env, 'EVENT_BUS_ARN'), log.warn)

/** Table stream → EventBridge. Lambda sends the batch again from the record that the answer names. */
export async function handler({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  const failed = await publishChanges(Records, read, bus, log.warn)
  if (failed === undefined) return { batchItemFailures: [] }
  // Of a record without a number, which no stream has, the empty one makes Lambda send the whole batch again.
  return { batchItemFailures: [{ itemIdentifier: failed.dynamodb?.SequenceNumber ?? '' }] }
}

/** What a record tells, and the ARN of its table: the stream's, up to `/stream/`. */
const read = (record: DynamoDBRecord) => ({
  change: changeOf(record),
  table: record.eventSourceARN?.split('/stream/')[0],
})
