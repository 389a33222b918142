import {
  EventBridgeClient,
  type EventBridgeClientConfig,
  EventBridgeServiceException,
  PutEventsCommand,
  type PutEventsRequestEntry,
  type PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge'
import type { EventBus, Publication } from '../events/event-bus.ts'
import { eventSource } from '../events/source.ts'
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
export const patience = 9_000

/** What became of an entry; an Error where it is refused for itself. */
type Answer = 'published' | 'again' | Error

/**
 * Publishes on an EventBridge bus, by name or ARN. Of one request it may take some entries and refuse others. `tell`
 * hears why something has to come again.
 */
export function eventBridgeBus(
  client: EventBridgeClient,
  EventBusName: string,
  tell: (message: string, cause: unknown) => void,
  milliseconds = patience,
): EventBus {
  return {
    async publish(publications) {
      const abortSignal = AbortSignal.timeout(milliseconds)
      const refused = new Map<number, Error>()
      let settled = 0
      for (const batch of batches(publications.map(entryOf)))
        for (const answer of await put(batch, abortSignal)) {
          if (answer === 'again') return { settled, refused }
          if (answer !== 'published') refused.set(settled, answer)
          settled += 1
        }
      return { settled, refused }
    },
  }

  /** The answers up to the first entry that has to come again. */
  async function put(batch: readonly PutEventsRequestEntry[], abortSignal: AbortSignal) {
    const answers: Answer[] = []
    try {
      const Entries = batch.map((entry) => ({ ...entry, EventBusName }))
      const command = new PutEventsCommand({ Entries })
      const { Entries: results = [] } = await client.send(command, { abortSignal })
      for (const place of batch.keys()) {
        const answer = answerOf(results[place])
        answers.push(answer)
        if (answer !== 'again') continue
        tell(`EventBridge refused an event: ${results[place]?.ErrorCode}`, undefined)
        break
      }
    } catch (error) {
      if (isInvalid(error)) return batch.length === 1 ? [error] : oneByOne(batch, abortSignal)
      tell('EventBridge did not answer', error)
      answers.push('again')
    }
    return answers
  }

  /** Of a request that is not valid only some entries are to blame. */
  async function oneByOne(
    batch: readonly PutEventsRequestEntry[],
    abortSignal: AbortSignal,
  ): Promise<Answer[]> {
    const answers: Answer[] = []
    for (const entry of batch) {
      answers.push(...(await put([entry], abortSignal)))
      if (answers.at(-1) === 'again') break
    }
    return answers
  }
}

/** What EventBridge says of an entry for what it is; all else, a right that is missing too, can pass. */
const refusals = ['InvalidArgument', 'MalformedDetail']

function answerOf({ EventId, ErrorCode = '' }: PutEventsResultEntry = {}): Answer {
  if (EventId !== undefined) return 'published'
  return refusals.includes(ErrorCode)
    ? new Error(`EventBridge refuses the event: ${ErrorCode}`)
    : 'again'
}

/** The request says what no request may say, such as an entry that is too large. */
const isInvalid = (error: unknown): error is Error =>
  error instanceof EventBridgeServiceException &&
  (error.$metadata.httpStatusCode === 413 ||
    ['ValidationException', 'SerializationException'].includes(error.name))

const entryOf = ({ event, table }: Publication): PutEventsRequestEntry => ({
  Source: eventSource,
  DetailType: event.type,
  Detail: JSON.stringify(event.detail),
  Time: new Date(event.detail.time * 1000),
  ...(table !== undefined && { Resources: [table] }),
})
