import type { Change } from './change.ts'
import type { EventBus, Publication } from './event-bus.ts'
import { eventOf } from './event-of.ts'

/** What a record of the table's stream tells, and the ARN of its table. */
export type Told = { readonly change: Change | undefined; readonly table: string | undefined }

/** A record that can never be published, and why. */
export type Lost<Entry> = { readonly record: Entry; readonly cause: unknown }

/**
 * Publishes what the records tell, in their order; resolves to the first record that has to come again, with all after
 * it, or to undefined where all is done: so nothing is lost, and nothing overtakes what it follows. A record that `read`
 * throws at, or that the bus refuses for itself, would hold up the others for ever: it is given up instead, where
 * `giveUp` takes it, which resolves to how many it took.
 */
export async function publishChanges<Entry>(
  records: readonly Entry[],
  read: (record: Entry) => Told,
  bus: EventBus,
  giveUp: (lost: readonly Lost<Entry>[]) => Promise<number>,
): Promise<Entry | undefined> {
  const pending: (Publication & { readonly record: Entry })[] = []
  const causes = new Map<Entry, unknown>()
  for (const record of records) {
    try {
      const { change, table } = read(record)
      const event = change && eventOf(change)
      if (event !== undefined) pending.push({ event, table, record })
    } catch (error) {
      causes.set(record, error)
    }
  }
  const { settled, refused } = pending.length === 0 ? nothing : await bus.publish(pending)
  for (const [place, { record }] of pending.entries()) {
    const refusal = refused.get(place)
    if (refusal !== undefined) causes.set(record, refusal)
  }
  const again = pending[settled]?.record
  const done = again === undefined ? records : records.slice(0, records.indexOf(again))
  const lost = done.flatMap((record) =>
    causes.has(record) ? [{ record, cause: causes.get(record) }] : [],
  )
  const taken = lost.length === 0 ? 0 : await giveUp(lost)
  return lost[taken]?.record ?? again
}

const nothing = { settled: 0, refused: new Map<number, Error>() }
