import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateScan,
} from '@aws-sdk/lib-dynamodb'
import type { Item } from './client-item.ts'
import { incrementWrite, quotaKeys } from './consume-write.ts'
import { isConditionFailed, returnCurrentItem, sendConditional } from './request.ts'
import { clientIdOf, clientKey } from './table.ts'
import { transact } from './transaction.ts'

export type Restoration = {
  /** Name of the table restored from a backup. */
  readonly from: string
  /** Name of the table in use. */
  readonly into: string
  /** The clients to restore; by default every client in `from`. */
  readonly clients?: readonly string[]
  /** Whether existing clients are overwritten. */
  readonly replace: boolean
  /** Unix seconds. */
  readonly now: number
}

export type Restored = {
  readonly client_id: string
  /** `kept`: the client exists and was not changed; `unknown`: the backup does not contain it. */
  readonly outcome: 'restored' | 'kept' | 'unknown'
}

/**
 * Restores clients from a backup, one at a time. A restored client counts toward its quotas again.
 * Its `sequence` becomes the current time in milliseconds, which is higher than that of any earlier
 * event of this client, including events after earlier restores (lib/events/README.md).
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
    for (const item of Items) yield { client_id: clientIdOf(item), item }
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
  const isAbsent = 'attribute_not_exists(pk)'
  const absent = { ...put, ConditionExpression: isAbsent, ...returnCurrentItem }
  const quotas = quotaKeys(item)
  if (quotas.length === 0) {
    const created = await sendConditional(() => documents.send(new PutCommand(absent)))
    // After a lost response, the existing item is the one that this request wrote.
    const isOurs =
      !isConditionFailed(created) || created.currentItem?.sequence === put.Item.sequence
    return isOurs ? 'restored' : 'kept'
  }
  const writes = [{ Put: absent }, ...quotas.map((key) => incrementWrite(TableName, key))]
  const reasons = await transact(documents, writes)
  return reasons === undefined ? 'restored' : 'kept'
}
