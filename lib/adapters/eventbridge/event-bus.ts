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
import { batches } from './batches.ts'

/** The client that publishes: an answer that is lost is given up after two seconds and asked for again. */
export const eventBridgeClient = (overrides: EventBridgeClientConfig = {}): EventBridgeClient =>
  new EventBridgeClient({
    maxAttempts: 3,
    retryMode: 'standard',
    requestHandler: {
      connectionTimeout: 1_000,
      requestTimeout: 2_000,
      throwOnRequestTimeout: true,
    },
    ...overrides,
  })

/** Milliseconds that all requests of one `publish` have together, retries included. */
export const requestTimeoutMs = 9_000

/** What became of an entry; an Error where it is refused for itself. */
type EntryResult = 'published' | 'again' | Error

/**
 * Publishes on an EventBridge bus, by name or ARN. Of one request it may take some entries and refuse others. `tell`
 * hears why something has to come again.
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
          if (answer === 'again') return { publishedCount, rejected }
          if (answer !== 'published') rejected.set(publishedCount, answer)
          publishedCount += 1
        }
      return { publishedCount, rejected }
    },
  }

  /** The answers up to the first entry that has to come again. */
  async function put(batch: readonly PutEventsRequestEntry[], abortSignal: AbortSignal) {
    const answers: EntryResult[] = []
    try {
      const Entries = batch.map((entry) => ({ ...entry, EventBusName }))
      const command = new PutEventsCommand({ Entries })
      const { Entries: results = [] } = await client.send(command, { abortSignal })
      for (const index of batch.keys()) {
        const answer = toResult(results[index])
        answers.push(answer)
        if (answer !== 'again') continue
        warn(`EventBridge refused an event: ${results[index]?.ErrorCode}`, undefined)
        break
      }
    } catch (error) {
      if (isInvalid(error)) return batch.length === 1 ? [error] : oneByOne(batch, abortSignal)
      warn('EventBridge did not answer', error)
      answers.push('again')
    }
    return answers
  }

  /** Of a request that is not valid only some entries are to blame. */
  async function oneByOne(
    batch: readonly PutEventsRequestEntry[],
    abortSignal: AbortSignal,
  ): Promise<EntryResult[]> {
    const answers: EntryResult[] = []
    for (const entry of batch) {
      answers.push(...(await put([entry], abortSignal)))
      if (answers.at(-1) === 'again') break
    }
    return answers
  }
}

/** What EventBridge says of an entry for what it is; all else, a right that is missing too, can pass. */
const permanentErrorCodes = ['InvalidArgument', 'MalformedDetail']

function toResult({ EventId, ErrorCode = '' }: PutEventsResultEntry = {}): EntryResult {
  if (EventId !== undefined) return 'published'
  return permanentErrorCodes.includes(ErrorCode)
    ? new Error(`EventBridge refuses the event: ${ErrorCode}`)
    : 'again'
}

/** The request says what no request may say, such as an entry that is too large. */
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
