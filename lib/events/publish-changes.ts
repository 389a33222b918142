import type { EventBus, Publication } from '../ports/event-bus.ts'
import type { Change } from './change.ts'
import { toEvent } from './to-event.ts'

/** A parsed record of the table's stream, and the table's ARN. */
export type ParsedRecord = {
  readonly change: Change | undefined
  readonly table: string | undefined
}

/** A record that can never be published, and the cause. */
export type UnpublishableRecord<Entry> = { readonly record: Entry; readonly cause: unknown }

/**
 * Publishes the records' events in order. Resolves to the first record that must be retried, with
 * all after it, or to undefined if all are done; this preserves order and loses nothing. A record
 * that `read` cannot parse, or that the bus rejects permanently, would block the stream: it is
 * passed to `sendToDeadLetterQueue`, which resolves to the number of records it accepted.
 */
export async function publishChanges<Entry>(
  records: readonly Entry[],
  read: (record: Entry) => ParsedRecord,
  bus: EventBus,
  sendToDeadLetterQueue: (unpublishable: readonly UnpublishableRecord<Entry>[]) => Promise<number>,
): Promise<Entry | undefined> {
  const pending: (Publication & { readonly record: Entry })[] = []
  const causes = new Map<Entry, unknown>()
  for (const record of records) {
    try {
      const { change, table } = read(record)
      const event = change && toEvent(change)
      if (event !== undefined) pending.push({ event, table, record })
    } catch (error) {
      causes.set(record, error)
    }
  }
  const { publishedCount, rejected } =
    pending.length === 0 ? emptyResult : await bus.publish(pending)
  for (const [index, { record }] of pending.entries()) {
    const rejection = rejected.get(index)
    if (rejection !== undefined) causes.set(record, rejection)
  }
  const again = pending[publishedCount]?.record
  const done = again === undefined ? records : records.slice(0, records.indexOf(again))
  const unpublishable = done.flatMap((record) =>
    causes.has(record) ? [{ record, cause: causes.get(record) }] : [],
  )
  const taken = unpublishable.length === 0 ? 0 : await sendToDeadLetterQueue(unpublishable)
  return unpublishable[taken]?.record ?? again
}

const emptyResult = { publishedCount: 0, rejected: new Map<number, Error>() }
