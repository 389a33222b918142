import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { batchGet } from './batch-get.ts'
import type { Item } from './client-item.ts'
import { listOldestFirst } from './list-oldest-first.ts'
import { listingPartitions } from './table.ts'

/** The last entry of the listing index that a page covers. */
export type ListingPosition = { readonly listed: string; readonly listed_at: string }

export type ListingPage = { readonly items: readonly Item[]; readonly position: ListingPosition }

/** At most as many as one BatchGetItem. */
const pageSize = 100

/**
 * The partitions in the order of the walk. A client moves from the first kinds to the later ones, by
 * an approval and by a label, so that it is met later rather than never.
 */
const partitions = (['PENDING', 'CLIENT', 'LABELLED', 'IAT'] as const).flatMap(listingPartitions)

/**
 * Walks through all clients and initial access tokens, without a scan: the oldest of each partition
 * first, after the given position. An empty partition has no page. Rejects like `send`, and with an
 * Error for a position that is none.
 */
export async function* walkListing(
  documents: DynamoDBDocumentClient,
  TableName: string,
  after?: ListingPosition,
): AsyncGenerator<ListingPage> {
  const start = after === undefined ? 0 : partitions.indexOf(after.listed)
  if (start === -1) throw new Error(`${after?.listed}: the listing has no such partition`)
  for (const [index, listed] of partitions.slice(start).entries()) {
    let from: string | undefined = index === 0 ? (after?.listed_at ?? '0') : '0'
    while (from !== undefined) {
      const page = await listOldestFirst(documents, TableName, listed, from, pageSize)
      const { keys, last, next } = page
      if (last !== undefined)
        yield {
          items: await batchGet(documents, TableName, keys),
          position: { listed, listed_at: last },
        }
      from = next
    }
  }
}
