import { SendMessageCommand, SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs'
import type { DeadLetter, DeadLetterQueue } from '../../ports/dead-letter-queue.ts'
import { maxAttempts, sqsTimeouts } from '../sdk-timeouts.ts'

export const sqsClient = (overrides: SQSClientConfig = {}): SQSClient =>
  new SQSClient({
    maxAttempts,
    retryMode: 'standard',
    requestHandler: sqsTimeouts,
    useQueueUrlAsEndpoint: false,
    // TLS already protects the integrity of the messages.
    md5: false,
    ...overrides,
  })

/** Time limit in milliseconds for all messages of one `send`, retries included. */
export const requestTimeoutMs = 4_000

/**
 * Sends records to an SQS queue in the format that an event source mapping uses for discarded
 * records. Calls `warn` when a message cannot be sent.
 */
export function sqsDeadLetterQueue(
  client: SQSClient,
  QueueUrl: string,
  warn: (message: string, cause: unknown) => void,
): DeadLetterQueue {
  return {
    async send(messages) {
      const abortSignal = AbortSignal.timeout(requestTimeoutMs)
      for (const [index, message] of messages.entries()) {
        try {
          const MessageBody = JSON.stringify(toBody(message))
          await client.send(new SendMessageCommand({ QueueUrl, MessageBody }), { abortSignal })
        } catch (error) {
          warn('the dead-letter queue did not answer', error)
          return index
        }
      }
      return messages.length
    },
  }
}

const toBody = ({ stream, sequence_number, event_id, key }: DeadLetter) => ({
  record: { event_id, key },
  DDBStreamBatchInfo: {
    streamArn: stream,
    startSequenceNumber: sequence_number,
    endSequenceNumber: sequence_number,
    batchSize: 1,
  },
})
