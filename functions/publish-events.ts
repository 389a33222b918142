import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import { parseStreamRecord } from '../lib/adapters/dynamodb/stream-record.ts'
import { eventBridgeBus, eventBridgeClient } from '../lib/adapters/eventbridge/event-bus.ts'
import { sqsClient, sqsDeadLetterQueue } from '../lib/adapters/sqs/dead-letter-queue.ts'
import { publishChanges, type UnpublishableRecord } from '../lib/events/publish-changes.ts'
import { required } from './environment.ts'
import { log } from './log.ts'

// Nobody is answered: only an ERROR tells the operator, whatever is logged, that events are late or lost.
const bus = eventBridgeBus(eventBridgeClient(), required(process.env, 'EVENT_BUS_ARN'), log.fault)
const deadLetters = sqsDeadLetterQueue(
  sqsClient(),
  required(process.env, 'DEAD_LETTER_QUEUE_URL'),
  log.fault,
)

/** Table stream → EventBridge. Lambda sends the batch again from the record that the answer names. */
export async function handler({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  const failed = await publishChanges(Records, read, bus, sendToDeadLetterQueue)
  if (failed === undefined) return { batchItemFailures: [] }
  // Of a record without a number, which no stream has, the empty one makes Lambda send the whole batch again.
  return { batchItemFailures: [{ itemIdentifier: failed.dynamodb?.SequenceNumber ?? '' }] }
}

/** What a record tells, and the ARN of its table: the stream's, up to `/stream/`. */
const read = (record: DynamoDBRecord) => ({
  change: parseStreamRecord(record),
  table: record.eventSourceARN?.split('/stream/')[0],
})

function sendToDeadLetterQueue(
  unpublishable: readonly UnpublishableRecord<DynamoDBRecord>[],
): Promise<number> {
  const messages = unpublishable.map(({ record: { eventID, eventSourceARN, dynamodb } }) => ({
    stream: eventSourceARN,
    sequence_number: dynamodb?.SequenceNumber,
    event_id: eventID,
    key: dynamodb?.Keys?.pk?.S,
  }))
  for (const [place, { cause }] of unpublishable.entries())
    log.fault('stream record sent to the dead-letter queue', cause, messages[place])
  return deadLetters.send(messages)
}
