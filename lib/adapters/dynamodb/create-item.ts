import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { CreateResult } from '../../ports/client-store.ts'
import type { Consumable } from '../../ports/consumable.ts'
import { type Item, isOwnWrite } from './client-item.ts'
import { consumeWrite, hourlyWrite } from './consume-write.ts'
import { type Counter, type HourlyCounters, isHourly } from './hourly-counters.ts'
import { isStillConsumable } from './initial-access-token-conditions.ts'
import { isConditionFailed, returnCurrentItem, send, sendConditional } from './request.ts'
import { initialAccessTokenKey } from './table.ts'
import { transact } from './transaction.ts'

/** A new item, and the condition that there is none. */
export type NewItem = {
  readonly Item: Item & { readonly write_id: Uint8Array }
  readonly ConditionExpression: string
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>>
}

/**
 * Stores a new item with a conditional write, or in one transaction with everything that it
 * consumes. `now` in Unix seconds.
 */
export async function createItem(
  documents: DynamoDBDocumentClient,
  TableName: string,
  item: NewItem,
  consumables: readonly Consumable[],
  now: number,
  counters: HourlyCounters,
): Promise<CreateResult> {
  const { write_id } = item.Item
  const put = { TableName, ...item, ...returnCurrentItem }
  if (consumables.length === 0) {
    const created = await sendConditional(() => documents.send(new PutCommand(put)))
    const isOwnWriteOrNew = !isConditionFailed(created) || isOwnWrite(created.currentItem, write_id)
    return isOwnWriteOrNew ? { outcome: 'created' } : { outcome: 'exists' }
  }

  // Ends: each round finds another counter full.
  for (;;) {
    const chosen = consumables.map((consumable) =>
      isHourly(consumable) ? counters.choose(consumable) : undefined,
    )
    const full = consumables.find((consumable, index) => isHourly(consumable) && !chosen[index])
    if (full !== undefined) return { outcome: 'consumed', kind: full.kind }
    const writes = consumables.map((consumable, index) =>
      toWrite(TableName, consumable, chosen[index], now),
    )
    const reasons = await transact(documents, [...writes, { Put: put }], canStillConsume)
    if (reasons === undefined) return { outcome: 'created' }
    // A retry after a lost response finds everything consumed and its own item already stored.
    const currentItem = reasons.at(-1)?.Item
    if (currentItem !== undefined && isOwnWrite(unmarshall(currentItem), write_id))
      return { outcome: 'created' }
    const isRejected = (_: unknown, index: number) =>
      reasons[index]?.Code === 'ConditionalCheckFailed'
    const rejected = consumables.filter(isRejected)
    for (const counter of chosen.filter(isRejected))
      if (counter !== undefined) counters.markFull(counter)
    const final = rejected.find((consumable) => !isHourly(consumable))
    if (final !== undefined) return { outcome: 'consumed', kind: final.kind }
    if (reasons.at(-1)?.Code === 'ConditionalCheckFailed') return { outcome: 'exists' }
    if (rejected.length === 0) return { outcome: 'consumed', kind: 'initial_access_token' }
  }

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

function toWrite(
  TableName: string,
  consumable: Consumable,
  counter: Counter | undefined,
  now: number,
) {
  if (!isHourly(consumable)) return consumeWrite(TableName, consumable, now)
  if (counter === undefined) throw new Error('no counter of the hour was chosen')
  return hourlyWrite(TableName, consumable, counter)
}
