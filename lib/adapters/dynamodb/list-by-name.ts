import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { sortedBeginning } from '../../operator/name-filter.ts'
import { send } from './request.ts'
import { namePartitions, table } from './table.ts'

type Entry = { readonly pk: string; readonly named_as: string }

/** No name contains this noncharacter, and none sorts after it. */
const lastCharacter = '\u{10FFFF}'

/**
 * Reads one page of the clients whose normalized name begins with this one, in the order of names.
 * Returns the keys of the items and the position at which the next page starts.
 */
export async function listByName(
  documents: DynamoDBDocumentClient,
  TableName: string,
  prefix: string,
  limit: number,
  position: string | undefined,
): Promise<{ readonly keys: readonly string[]; readonly next: string | undefined }> {
  const beginning = sortedBeginning(prefix)
  const entries = (await Promise.all(namePartitions.map(query)))
    .flat()
    .filter(({ named_as }) => named_as !== position)
    .sort(byBytes)
  const page = entries.slice(0, limit)
  const next = entries.length > limit ? page.at(-1)?.named_as : undefined
  return { keys: page.map(({ pk }) => pk), next }

  /**
   * Reads one more entry than the page holds, which shows whether there is a next page, and one for
   * the position itself, which BETWEEN includes.
   */
  async function query(partition: string): Promise<Entry[]> {
    const { indexName, partitionKey, sortKey } = table.byName
    const command = new QueryCommand({
      TableName,
      IndexName: indexName,
      KeyConditionExpression: '#named = :partition AND #named_as BETWEEN :from AND :end',
      ExpressionAttributeNames: { '#named': partitionKey, '#named_as': sortKey },
      ExpressionAttributeValues: {
        ':partition': partition,
        ':from': position ?? beginning,
        ':end': `${beginning}${lastCharacter}`,
      },
      Limit: limit + 2,
    })
    const { Items } = await send(() => documents.send(command))
    return (Items ?? []) as Entry[] // the index projects keys only
  }
}

/** DynamoDB orders strings by their bytes in UTF-8, JavaScript by UTF-16. */
const byBytes = (one: Entry, other: Entry): number =>
  Buffer.compare(Buffer.from(one.named_as), Buffer.from(other.named_as))
