import { setTimeout as pause } from 'node:timers/promises'
import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Item } from './client-item.ts'
import { send } from './request.ts'

/**
 * Returns the items with these keys, in the order of the keys. Missing items are omitted. At most
 * 100 keys. Waits before it asks again for keys that DynamoDB left out, which it does when it
 * throttles.
 */
export async function batchGet(
  documents: DynamoDBDocumentClient,
  TableName: string,
  keys: readonly string[],
  ConsistentRead = false,
): Promise<readonly Item[]> {
  const found = new Map<unknown, Item>()
  let wanted: Record<string, unknown>[] = keys.map((pk) => ({ pk }))
  for (let attempt = 0; wanted.length > 0; attempt += 1) {
    if (attempt > 0) await pause(Math.random() * Math.min(20 * 2 ** attempt, 1000))
    const command = new BatchGetCommand({
      RequestItems: { [TableName]: { Keys: wanted, ConsistentRead } },
    })
    const { Responses, UnprocessedKeys } = await send(() => documents.send(command))
    for (const item of Responses?.[TableName] ?? []) found.set(item.pk, item)
    wanted = UnprocessedKeys?.[TableName]?.Keys ?? []
  }
  return keys.map((pk) => found.get(pk)).filter((item) => item !== undefined)
}
