import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { RegisteredClient } from '../../client.ts'
import type { CreateResult } from '../../ports/client-store.ts'
import type { Consumable } from '../../ports/consumable.ts'
import { isOwnWrite, toItem } from './client-item.ts'
import { consumeWrite } from './consume-write.ts'
import { isStillConsumable } from './initial-access-token-conditions.ts'
import { isConditionFailed, returnCurrentItem, send, sendConditional } from './request.ts'
import { initialAccessTokenKey } from './table.ts'
import { transact } from './transaction.ts'

/**
 * Stores a new client with a conditional write, or in one transaction with everything that its
 * registration consumes.
 */
export async function createClient(
  documents: DynamoDBDocumentClient,
  TableName: string,
  client: RegisteredClient,
  consumables: readonly Consumable[],
): Promise<CreateResult> {
  const isNew = 'attribute_not_exists(pk)'
  const put = {
    TableName,
    Item: toItem(client),
    ConditionExpression: isNew,
    ...returnCurrentItem,
  }
  if (consumables.length === 0) {
    const created = await sendConditional(() => documents.send(new PutCommand(put)))
    const isOwnWriteOrNew =
      !isConditionFailed(created) || isOwnWrite(created.currentItem, client.write_id)
    return isOwnWriteOrNew ? { outcome: 'created' } : { outcome: 'exists' }
  }

  const now = client.client_id_issued_at
  const writes = consumables.map((consumable) => consumeWrite(TableName, consumable, now))
  const reasons = await transact(documents, [...writes, { Put: put }], canStillConsume)
  if (reasons === undefined) return { outcome: 'created' }
  // A retry after a lost response finds everything consumed and its own client already stored.
  const currentItem = reasons.at(-1)?.Item
  if (currentItem !== undefined && isOwnWrite(unmarshall(currentItem), client.write_id))
    return { outcome: 'created' }
  const rejected = consumables.find((_, index) => reasons[index]?.Code === 'ConditionalCheckFailed')
  if (rejected !== undefined) return { outcome: 'consumed', kind: rejected.kind }
  if (reasons.at(-1)?.Code === 'ConditionalCheckFailed') return { outcome: 'exists' }
  return { outcome: 'consumed', kind: 'initial_access_token' }

  /**
   * After a conflict: whether the other transaction left a use of the initial access token. With an
   * idempotency key it may be that of an equal request, which the next attempt finds.
   */
  async function canStillConsume(): Promise<boolean> {
    if (consumables.some(({ kind }) => kind === 'idempotency_key')) return true
    const token = consumables.find(({ kind }) => kind === 'initial_access_token')
    if (token?.kind !== 'initial_access_token') return true
    const Key = initialAccessTokenKey(token.id)
    const command = new GetCommand({ TableName, Key, ConsistentRead: true })
    const { Item } = await send(() => documents.send(command))
    return isStillConsumable(Item, now)
  }
}
