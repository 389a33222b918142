import type { Change } from './change.ts'
import type { EventBus, Publication } from './event-bus.ts'
import { eventOf } from './event-of.ts'

/** What a record of the table's stream tells, and the ARN of its table. */
export type Told = { readonly change: Change | undefined; readonly table: string | undefined }

/**
 * Publishes what the records tell, in their order; resolves to the first record that has to come again, with all after
 * it, or to undefined where all is published: so nothing is lost, and nothing overtakes what it follows.
 * `read` may throw; `warn` hears of it.
 */
export async function publishChanges<Entry>(
  records: readonly Entry[],
  read: (record: Entry) => Told,
  bus: EventBus,
  warn: (message: string, cause: unknown) => void,
): Promise<Entry | undefined> {
  const pending: (Publication & { readonly record: Entry })[] = []
  let unreadable: Entry | undefined
  for (const record of records) {
    try {
      const { change, table } = read(record)
      const event = change && eventOf(change)
      if (event !== undefined) pending.push({ event, table, record })
    } catch (error) {
      warn('a record of the stream cannot be read', error)
      unreadable = record
      break
    }
  }
  const published = pending.length === 0 ? 0 : await bus.publish(pending)
  return pending[published]?.record ?? unreadable
}
