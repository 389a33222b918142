import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge'

const maxEntries = 10
const maxBytes = 256 * 1024

/** Entries in their order, as many together as one PutEvents request may hold. */
export function batches(
  entries: readonly PutEventsRequestEntry[],
): readonly (readonly PutEventsRequestEntry[])[] {
  const all: PutEventsRequestEntry[][] = []
  let room = 0
  for (const entry of entries) {
    const size = sizeOf(entry)
    if (size > room || all.at(-1)?.length === maxEntries) {
      all.push([])
      room = maxBytes
    }
    all.at(-1)?.push(entry)
    room -= size
  }
  return all
}

/** The bytes that EventBridge counts of an entry: 14 for its time, and each text in UTF-8. */
const sizeOf = ({
  Source = '',
  DetailType = '',
  Detail = '',
  Resources = [],
}: PutEventsRequestEntry) =>
  [Source, DetailType, Detail, ...Resources].reduce(
    (sum, text) => sum + Buffer.byteLength(text),
    14,
  )
