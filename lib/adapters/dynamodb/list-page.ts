import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { send } from './request.ts'

/** Partitions of an index, and the positions between which entries are wanted. */
export type KeyRange = {
  readonly index: {
    readonly indexName: string
    readonly partitionKey: string
    readonly sortKey: string
  }
  readonly partitions: readonly (string | Uint8Array)[]
  readonly from?: string
  readonly before?: string
}

type Entry = { readonly pk: string; readonly listed_at: string }

/** One page of a listing, newest first: the items' keys, and the position where the next page begins. */
export async function listPage(
  documents: DynamoDBDocumentClient,
  TableName: string,
  { index, partitions, from = '0', before }: KeyRange,
  limit: number,
  position: string | undefined,
): Promise<{ readonly keys: readonly string[]; readonly next: string | undefined }> {
  // Positions are digits, then # and an id, so that no entry is beyond this one.
  const end = [position, before].filter((bound) => bound !== undefined).sort()[0] ?? ':'
  if (end <= from) return { keys: [], next: undefined }
  const entries = (await Promise.all(partitions.map(newest)))
    .flat()
    .filter(({ listed_at }) => listed_at < end)
    .sort((a, b) => (a.listed_at < b.listed_at ? 1 : -1))
  const page = entries.slice(0, limit)
  const next = entries.length > limit ? page.at(-1)?.listed_at : undefined
  return { keys: page.map(({ pk }) => pk), next }

  /** One more entry than the page holds, and the end itself, so that a full partition shows that there is a next page. */
  async function newest(partition: string | Uint8Array): Promise<Entry[]> {
    const command = new QueryCommand({
      TableName,
      IndexName: index.indexName,
      KeyConditionExpression: '#partition = :partition AND #sort BETWEEN :from AND :end',
      ExpressionAttributeNames: { '#partition': index.partitionKey, '#sort': index.sortKey },
      ExpressionAttributeValues: { ':partition': partition, ':from': from, ':end': end },
      ScanIndexForward: false,
      Limit: limit + 2,
    })
    const { Items } = await send(() => documents.send(command))
    return (Items ?? []) as Entry[] // the index projects keys only
  }
}
