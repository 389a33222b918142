import {
  EventBridgeClient,
  type EventBridgeClientConfig,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge'
import type { EventBus, Publication } from '../events/event-bus.ts'
import { batches } from './batches.ts'

/** Who an event says that it comes from; rules match on it. */
const source = 'client-registration'

/** The client that publishes: three attempts of two seconds end within the fifteen that the Lambda has. */
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

/** Publishes on an EventBridge bus, by name or ARN. Of one request it may take some entries and refuse others. */
export function eventBridgeBus(
  client: EventBridgeClient,
  EventBusName: string,
  warn: (message: string, cause: unknown) => void,
): EventBus {
  return {
    async publish(publications) {
      let published = 0
      for (const batch of batches(publications.map(entryOf))) {
        const taken = await put(batch)
        published += taken
        if (taken < batch.length) break
      }
      return published
    },
  }

  /** How many are taken before the first that is refused. */
  async function put(batch: readonly PutEventsRequestEntry[]): Promise<number> {
    try {
      const Entries = batch.map((entry) => ({ ...entry, EventBusName }))
      const { Entries: results = [] } = await client.send(new PutEventsCommand({ Entries }))
      const refused = batch.findIndex((_, index) => results[index]?.EventId === undefined)
      if (refused === -1) return batch.length
      warn(`EventBridge refused an event: ${results[refused]?.ErrorCode}`, undefined)
      return refused
    } catch (error) {
      warn('EventBridge did not answer', error)
      return 0
    }
  }
}

const entryOf = ({ event, table }: Publication): PutEventsRequestEntry => ({
  Source: source,
  DetailType: event.type,
  Detail: JSON.stringify(event.detail),
  Time: new Date(event.detail.time * 1000),
  ...(table !== undefined && { Resources: [table] }),
})
