import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge'

const maxEntries = 10
const maxBytes = 256 * 1024

/** Groups entries, in their order, into batches as large as one PutEvents request allows. */
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

/**
 * The size in bytes by which EventBridge counts an entry: 14 for its time, plus each text in UTF-8.
 */
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
