import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateScan,
} from '@aws-sdk/lib-dynamodb'
import type { Item } from './client-item.ts'
import { incrementClientCount } from './consume-write.ts'
import { isConditionFailed, sendConditional } from './request.ts'
import { clientKey } from './table.ts'
import { transact } from './transaction.ts'

export type Restoration = {
  /** Name of the table that a backup was restored to. */
  readonly from: string
  /** Name of the table that is in use. */
  readonly into: string
  /** Which clients; every one that is in `from` unless given. */
  readonly clients?: readonly string[]
  /** Whether a client that is there is put back to what it was. */
  readonly replace: boolean
  /** Unix seconds. */
  readonly now: number
}

export type Restored = {
  readonly client_id: string
  /** `kept`: it is there, and is left alone; `unknown`: the backup has none. */
  readonly outcome: 'restored' | 'kept' | 'unknown'
}

/**
 * Puts clients back as they were in a backup, one by one. A client that comes back counts for its owner again, and its
 * `sequence` is the present time in milliseconds: above every number that the events of its first life had, and of
 * earlier returns (lib/events/README.md).
 */
export async function* restoreClients(
  documents: DynamoDBDocumentClient,
  restoration: Restoration,
): AsyncGenerator<Restored> {
  for await (const { client_id, item } of backupItems(documents, restoration)) {
    if (item === undefined) yield { client_id, outcome: 'unknown' }
    else yield { client_id, outcome: await restoreItem(documents, item, restoration) }
  }
}

async function* backupItems(
  documents: DynamoDBDocumentClient,
  { from: TableName, clients }: Restoration,
): AsyncGenerator<{ readonly client_id: string; readonly item: Item | undefined }> {
  if (clients !== undefined) {
    for (const client_id of clients) {
      const { Item } = await documents.send(
        new GetCommand({ TableName, Key: clientKey(client_id) }),
      )
      yield { client_id, item: Item }
    }
    return
  }
  const { pk: prefix } = clientKey('')
  const pages = paginateScan(
    { client: documents },
    {
      TableName,
      FilterExpression: 'begins_with(pk, :prefix)',
      ExpressionAttributeValues: { ':prefix': prefix },
    },
  )
  for await (const { Items = [] } of pages)
    for (const item of Items) yield { client_id: String(item.pk).slice(prefix.length), item }
}

async function restoreItem(
  documents: DynamoDBDocumentClient,
  item: Item,
  { into: TableName, replace, now }: Restoration,
): Promise<'restored' | 'kept'> {
  const put = { TableName, Item: { ...item, sequence: now * 1000 } }
  if (replace) {
    const there = { ...put, ConditionExpression: 'attribute_exists(pk)' }
    const replaced = await sendConditional(() => documents.send(new PutCommand(there)))
    if (!isConditionFailed(replaced)) return 'restored'
  }
  const absent = {
    ...put,
    ConditionExpression: 'attribute_not_exists(pk)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  } as const
  if (item.counted !== true) {
    const created = await sendConditional(() => documents.send(new PutCommand(absent)))
    // An answer that was lost: what is there is what was put there.
    const isOurs =
      !isConditionFailed(created) || created.currentItem?.sequence === put.Item.sequence
    return isOurs ? 'restored' : 'kept'
  }
  const writes = [{ Put: absent }, incrementClientCount(TableName, String(item.owner))]
  const reasons = await transact(documents, writes, async () => true)
  return reasons === undefined ? 'restored' : 'kept'
}
