import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { send } from './request.ts'
import { table } from './table.ts'

/** Keys of one page of a partition of the listing index, oldest first, and where the next begins. */
export async function listOldestFirst(
  documents: DynamoDBDocumentClient,
  TableName: string,
  partition: string | undefined,
  from = '0',
  Limit: number,
): Promise<{ readonly keys: readonly string[]; readonly next: string | undefined }> {
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
  const last: unknown = Items.at(-1)?.listed_at
  return {
    keys: Items.map(({ pk }) => String(pk)),
    next: LastEvaluatedKey === undefined || last === undefined ? undefined : String(last),
  }
}
