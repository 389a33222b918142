import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Item } from './client-item.ts'
import { send } from './request.ts'

/**
 * Returns the items with these keys, in the order of the keys. Missing items are omitted. At most
 * 100 keys.
 */
export async function batchGet(
  documents: DynamoDBDocumentClient,
  TableName: string,
  keys: readonly string[],
): Promise<readonly Item[]> {
  const found = new Map<unknown, Item>()
  let wanted: Record<string, unknown>[] = keys.map((pk) => ({ pk }))
  while (wanted.length > 0) {
    const command = new BatchGetCommand({ RequestItems: { [TableName]: { Keys: wanted } } })
    const { Responses, UnprocessedKeys } = await send(() => documents.send(command))
    for (const item of Responses?.[TableName] ?? []) found.set(item.pk, item)
    wanted = UnprocessedKeys?.[TableName]?.Keys ?? []
  }
  return keys.map((pk) => found.get(pk)).filter((item) => item !== undefined)
}
