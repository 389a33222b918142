import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { answered } from './request.ts'
import { listingPartitions, table } from './table.ts'

type Entry = { readonly pk: string; readonly listed_at: string }

/** One page of a listing, newest first: the items' keys, and the position where the next page begins. */
export async function listPage(
  documents: DynamoDBDocumentClient,
  TableName: string,
  kind: 'CLIENT' | 'IAT',
  limit: number,
  from: string | undefined,
): Promise<{ readonly keys: readonly string[]; readonly next: string | undefined }> {
  const partitions = await Promise.all(listingPartitions(kind).map(newest))
  const entries = partitions.flat().sort((a, b) => (a.listed_at < b.listed_at ? 1 : -1))
  const page = entries.slice(0, limit)
  const next = entries.length > limit ? page.at(-1)?.listed_at : undefined
  return { keys: page.map(({ pk }) => pk), next }

  /** One more entry than the page holds, so that a full partition shows that there is a next page. */
  async function newest(listed: string): Promise<Entry[]> {
    const before = from === undefined ? '' : ' AND listed_at < :from'
    const command = new QueryCommand({
      TableName,
      IndexName: table.listing.indexName,
      KeyConditionExpression: `listed = :listed${before}`,
      ExpressionAttributeValues: {
        ':listed': listed,
        ...(from !== undefined && { ':from': from }),
      },
      ScanIndexForward: false,
      Limit: limit + 1,
    })
    const { Items } = await answered(() => documents.send(command))
    return (Items ?? []) as Entry[] // the index projects keys only
  }
}
