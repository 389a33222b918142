import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { send } from './request.ts'
import { table } from './table.ts'

/** Keys of a page of the listing index. */
type ListedKeys = {
  readonly keys: readonly string[]
  /** Position of the last key; undefined on an empty page. */
  readonly last: string | undefined
  /** Position after which the next page begins; undefined on the last page. */
  readonly next: string | undefined
}

/** Reads one page of a partition of the listing index, oldest first. */
export async function listOldestFirst(
  documents: DynamoDBDocumentClient,
  TableName: string,
  partition: string | undefined,
  from = '0',
  Limit: number,
): Promise<ListedKeys> {
  const { indexName, partitionKey, sortKey } = table.listing
  const command = new QueryCommand({
    TableName,
    IndexName: indexName,
    KeyConditionExpression: '#listed = :partition AND #listed_at > :from',
    ExpressionAttributeNames: { '#listed': partitionKey, '#listed_at': sortKey },
    ExpressionAttributeValues: { ':partition': partition, ':from': from },
    Limit,
  })
  const { Items = [], LastEvaluatedKey } = await send(() => documents.send(command))
  const entries = Items as Entry[] // the index projects keys only
  const last = entries.at(-1)?.listed_at
  return {
    keys: entries.map(({ pk }) => pk),
    last,
    next: LastEvaluatedKey === undefined ? undefined : last,
  }
}

type Entry = { readonly pk: string; readonly listed_at: string }
