import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { send } from './request.ts'

/** Partitions of an index and the range of positions to read. */
export type KeyRange = {
  readonly index: {
    readonly indexName: string
    readonly partitionKey: string
    readonly sortKey: string
  }
  readonly partitions: readonly (string | Uint8Array)[]
  readonly from?: string | undefined
  readonly before?: string | undefined
}

type Entry = { readonly pk: string; readonly listed_at: string }

/**
 * Reads one page of a listing, newest first. Returns the keys of the items and the position at
 * which the next page starts.
 */
export async function listPage(
  documents: DynamoDBDocumentClient,
  TableName: string,
  { index, partitions, from = '0', before }: KeyRange,
  limit: number,
  position: string | undefined,
): Promise<{ readonly keys: readonly string[]; readonly next: string | undefined }> {
  // A position consists of digits, `#` and an id, so every position sorts before `:`.
  const end = [position, before].filter((bound) => bound !== undefined).sort()[0] ?? ':'
  if (end <= from) return { keys: [], next: undefined }
  const entries = (await Promise.all(partitions.map(newest)))
    .flat()
    .filter(({ listed_at }) => listed_at < end)
    .sort((a, b) => (a.listed_at < b.listed_at ? 1 : -1))
  const page = entries.slice(0, limit)
  const next = entries.length > limit ? page.at(-1)?.listed_at : undefined
  return { keys: page.map(({ pk }) => pk), next }

  /**
   * Reads one more entry than the page holds, which shows whether there is a next page, and one for
   * the end itself, which BETWEEN includes.
   */
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
