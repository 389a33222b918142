import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { batchGet } from './batch-get.ts'
import type { Item } from './client-item.ts'
import { send } from './request.ts'
import { listingPartitions, table } from './table.ts'

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
      const { keys, last, isLast } = await nextKeys(documents, TableName, listed, from)
      if (last !== undefined)
        yield {
          items: await batchGet(documents, TableName, keys),
          position: { listed, listed_at: last },
        }
      from = isLast ? undefined : last
    }
  }
}

async function nextKeys(
  documents: DynamoDBDocumentClient,
  TableName: string,
  listed: string,
  from: string,
) {
  const { indexName, partitionKey, sortKey } = table.listing
  const command = new QueryCommand({
    TableName,
    IndexName: indexName,
    KeyConditionExpression: '#listed = :listed AND #listed_at > :from',
    ExpressionAttributeNames: { '#listed': partitionKey, '#listed_at': sortKey },
    ExpressionAttributeValues: { ':listed': listed, ':from': from },
    Limit: pageSize,
  })
  const { Items = [], LastEvaluatedKey } = await send(() => documents.send(command))
  const last: unknown = Items.at(-1)?.listed_at
  return {
    keys: Items.map(({ pk }) => String(pk)),
    last: typeof last === 'string' ? last : undefined,
    isLast: LastEvaluatedKey === undefined,
  }
}
