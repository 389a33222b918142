import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import { parseStreamRecord } from '../lib/adapters/dynamodb/stream-record.ts'
import { eventBridgeBus, eventBridgeClient } from '../lib/adapters/eventbridge/event-bus.ts'
import { sqsClient, sqsDeadLetterQueue } from '../lib/adapters/sqs/dead-letter-queue.ts'
import { publishChanges, type UnpublishableRecord } from '../lib/events/publish-changes.ts'
import { required } from './environment.ts'
import { log } from './log.ts'

// There is no client to receive an error. Failures are logged as ERROR at every log level, so that
// the operator learns of late or lost events.
const bus = eventBridgeBus(eventBridgeClient(), required(process.env, 'EVENT_BUS_ARN'), log.fault)
const deadLetters = sqsDeadLetterQueue(
  sqsClient(),
  required(process.env, 'DEAD_LETTER_QUEUE_URL'),
  log.fault,
)

/**
 * Publishes the table's stream records to EventBridge. Lambda retries the batch from the record
 * that the response names.
 */
export async function handler({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  const failed = await publishChanges(Records, read, bus, sendToDeadLetterQueue)
  if (failed === undefined) return { batchItemFailures: [] }
  // Every stream record has a sequence number. If one were missing, the empty identifier would make
  // Lambda retry the whole batch.
  return { batchItemFailures: [{ itemIdentifier: failed.dynamodb?.SequenceNumber ?? '' }] }
}

/** Parses a record, and derives the table's ARN: the stream's ARN up to `/stream/`. */
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
  for (const [index, { cause }] of unpublishable.entries())
    log.fault('stream record sent to the dead-letter queue', cause, messages[index])
  return deadLetters.send(messages)
}
