import { SendMessageCommand, SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs'
import type { DeadLetter, DeadLetterQueue } from '../events/dead-letter.ts'

export const sqsClient = (overrides: SQSClientConfig = {}): SQSClient =>
  new SQSClient({
    maxAttempts: 3,
    retryMode: 'standard',
    requestHandler: {
      connectionTimeout: 1_000,
      requestTimeout: 1_000,
      throwOnRequestTimeout: true,
    },
    useQueueUrlAsEndpoint: false,
    // TLS sees to what a checksum would.
    md5: false,
    ...overrides,
  })

/** Milliseconds that all messages of one `keep` have together, retries included. */
export const patience = 4_000

/** Keeps records on an SQS queue, in the words in which the event source mapping tells of what it gives up. `tell` hears of a failure. */
export function sqsDeadLetterQueue(
  client: SQSClient,
  QueueUrl: string,
  tell: (message: string, cause: unknown) => void,
): DeadLetterQueue {
  return {
    async keep(letters) {
      const abortSignal = AbortSignal.timeout(patience)
      for (const [place, letter] of letters.entries()) {
        try {
          const MessageBody = JSON.stringify(messageOf(letter))
          await client.send(new SendMessageCommand({ QueueUrl, MessageBody }), { abortSignal })
        } catch (error) {
          tell('the dead-letter queue did not answer', error)
          return place
        }
      }
      return letters.length
    },
  }
}

const messageOf = ({ stream, sequence_number, event_id, key }: DeadLetter) => ({
  record: { event_id, key },
  DDBStreamBatchInfo: {
    streamArn: stream,
    startSequenceNumber: sequence_number,
    endSequenceNumber: sequence_number,
    batchSize: 1,
  },
})
