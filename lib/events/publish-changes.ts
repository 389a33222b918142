import type { EventBus, Publication } from '../ports/event-bus.ts'
import type { Change } from './change.ts'
import { toEvent } from './to-event.ts'

/** What a record of the table's stream tells, and the ARN of its table. */
export type ParsedRecord = {
  readonly change: Change | undefined
  readonly table: string | undefined
}

/** A record that can never be published, and why. */
export type UnpublishableRecord<Entry> = { readonly record: Entry; readonly cause: unknown }

/**
 * Publishes what the records tell, in their order; resolves to the first record that has to come again, with all after
 * it, or to undefined where all is done: so nothing is lost, and nothing overtakes what it follows. A record that `read`
 * throws at, or that the bus refuses for itself, would hold up the others for ever: it is given up instead, where
 * `giveUp` takes it, which resolves to how many it took.
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
    const refusal = rejected.get(index)
    if (refusal !== undefined) causes.set(record, refusal)
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
