import {
  EventBridgeClient,
  type EventBridgeClientConfig,
  EventBridgeServiceException,
  PutEventsCommand,
  type PutEventsRequestEntry,
  type PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge'
import { eventSource } from '../../events/source.ts'
import type { EventBus, Publication } from '../../ports/event-bus.ts'
import { eventBridgeTimeouts, maxAttempts } from '../sdk-timeouts.ts'
import { batches } from './batches.ts'

/** The client that publishes events. An attempt times out after two seconds and is retried. */
export const eventBridgeClient = (overrides: EventBridgeClientConfig = {}): EventBridgeClient =>
  new EventBridgeClient({
    maxAttempts,
    retryMode: 'standard',
    requestHandler: eventBridgeTimeouts,
    ...overrides,
  })

/** Time limit in milliseconds for all requests of one `publish`, retries included. */
export const requestTimeoutMs = 9_000

/** The result for one entry; an Error if the entry is rejected permanently. */
type EntryResult = 'published' | 'retry' | Error

/**
 * Publishes to an EventBridge bus, given by name or ARN. One request may accept some entries and
 * reject others. Calls `warn` with the reason why an entry has to be retried.
 */
export function eventBridgeBus(
  client: EventBridgeClient,
  EventBusName: string,
  warn: (message: string, cause: unknown) => void,
  milliseconds = requestTimeoutMs,
): EventBus {
  return {
    async publish(publications) {
      const abortSignal = AbortSignal.timeout(milliseconds)
      const rejected = new Map<number, Error>()
      let publishedCount = 0
      for (const batch of batches(publications.map(toEntry)))
        for (const answer of await put(batch, abortSignal)) {
          if (answer === 'retry') return { publishedCount, rejected }
          if (answer !== 'published') rejected.set(publishedCount, answer)
          publishedCount += 1
        }
      return { publishedCount, rejected }
    },
  }

  /** Returns the results up to the first entry that has to be retried. */
  async function put(batch: readonly PutEventsRequestEntry[], abortSignal: AbortSignal) {
    const answers: EntryResult[] = []
    try {
      const Entries = batch.map((entry) => ({ ...entry, EventBusName }))
      const command = new PutEventsCommand({ Entries })
      const { Entries: results = [] } = await client.send(command, { abortSignal })
      for (const index of batch.keys()) {
        const answer = toResult(results[index])
        answers.push(answer)
        if (answer !== 'retry') continue
        warn(`EventBridge rejected an event: ${results[index]?.ErrorCode}`, undefined)
        break
      }
    } catch (error) {
      if (isInvalid(error)) return batch.length === 1 ? [error] : oneByOne(batch, abortSignal)
      warn('EventBridge did not answer', error)
      answers.push('retry')
    }
    return answers
  }

  /** EventBridge rejects the whole request for one invalid entry, so each entry is sent alone. */
  async function oneByOne(
    batch: readonly PutEventsRequestEntry[],
    abortSignal: AbortSignal,
  ): Promise<EntryResult[]> {
    const answers: EntryResult[] = []
    for (const entry of batch) {
      answers.push(...(await put([entry], abortSignal)))
      if (answers.at(-1) === 'retry') break
    }
    return answers
  }
}

/**
 * Error codes that depend on the entry itself. All others, including a missing permission, can be
 * retried.
 */
const permanentErrorCodes = ['InvalidArgument', 'MalformedDetail']

function toResult({ EventId, ErrorCode = '' }: PutEventsResultEntry = {}): EntryResult {
  if (EventId !== undefined) return 'published'
  return permanentErrorCodes.includes(ErrorCode)
    ? new Error(`EventBridge rejects the event: ${ErrorCode}`)
    : 'retry'
}

/** Whether the request itself is invalid, for example because an entry is too large. */
const isInvalid = (error: unknown): error is Error =>
  error instanceof EventBridgeServiceException &&
  (error.$metadata.httpStatusCode === 413 ||
    ['ValidationException', 'SerializationException'].includes(error.name))

const toEntry = ({ event, table }: Publication): PutEventsRequestEntry => ({
  Source: eventSource,
  DetailType: event.type,
  Detail: JSON.stringify(event.detail),
  Time: new Date(event.detail.time * 1000),
  ...(table !== undefined && { Resources: [table] }),
})
