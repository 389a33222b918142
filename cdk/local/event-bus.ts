import { randomUUID } from 'node:crypto'
import { serveAwsService } from './aws-endpoint.ts'

/** The fields of an event's envelope that this service sets, as a rule target receives them. */
export type PublishedEvent = {
  readonly source: string
  readonly 'detail-type': string
  readonly resources: readonly string[]
  readonly detail: Readonly<Record<string, unknown>>
  /** RFC 3339; set only if the sender chose it. */
  readonly time?: string
}

/**
 * Emulates EventBridge on loopback: PutEvents, accepting every entry. Also accepts and discards
 * messages to the dead-letter queue; the Lambda logs each of them.
 */
export const serveEventBus = (onEvent: (event: PublishedEvent) => void) =>
  serveAwsService<Input>((_operation, { Entries = [] }) => {
    for (const entry of Entries) onEvent(published(entry))
    const answers = Entries.map(() => ({ EventId: randomUUID() }))
    return { body: { FailedEntryCount: 0, Entries: answers } }
  })

/** Whether an event has one of the accepted values in each field of the pattern of a rule. */
export const matches = (
  pattern: Readonly<Record<string, readonly string[]>>,
  event: PublishedEvent,
): boolean =>
  Object.entries({ source: event.source, 'detail-type': event['detail-type'] }).every(
    ([field, value]) => pattern[field]?.includes(value) ?? true,
  )

type Entry = {
  readonly Source: string
  readonly DetailType: string
  readonly Detail: string
  readonly Resources?: readonly string[]
  /** Unix seconds. */
  readonly Time?: number
}
type Input = { readonly Entries?: readonly Entry[] }

const published = ({
  Source,
  DetailType,
  Detail,
  Resources = [],
  Time,
}: Entry): PublishedEvent => ({
  source: Source,
  'detail-type': DetailType,
  resources: Resources,
  detail: JSON.parse(Detail),
  ...(Time !== undefined && { time: new Date(Time * 1000).toISOString() }),
})
