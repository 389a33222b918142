import { DeleteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { DeletedClient } from '../../ports/client-store.ts'
import { fromItem, type Item } from './client-item.ts'
import { decrementClientCount, resetClientCount } from './consume-write.ts'
import { isConditionFailed, sendConditional, unavailable } from './request.ts'
import { clientKey } from './table.ts'
import { transact } from './transaction.ts'

/** What a deletion depends on. */
export type DeleteCondition = {
  readonly ConditionExpression: string
  /** Left out where the condition names no value: an empty map is refused. */
  readonly ExpressionAttributeValues?: Record<string, unknown>
  /** The same condition of an item that is at hand. */
  readonly meets: (item: Item) => boolean
}

export type DeleteResult = {
  readonly outcome: 'removed' | 'refused'
  /**
   * The client as it was, or as it stands. None where it is gone: as `removed` where an earlier attempt of this very
   * request got no definite answer.
   */
  readonly item: Item | undefined
}

/**
 * Deletes a client where the condition holds. One that counts for its owner is deleted in a transaction that gives
 * the owner one back, if there is one; only the refusal of the plain deletion tells that it counts.
 */
export async function deleteClientItem(
  documents: DynamoDBDocumentClient,
  TableName: string,
  client_id: string,
  { ConditionExpression, meets, ...values }: DeleteCondition,
): Promise<DeleteResult> {
  const Key = clientKey(client_id)
  const command = new DeleteCommand({
    TableName,
    Key,
    ConditionExpression: `(${ConditionExpression}) AND attribute_not_exists(counted)`,
    ...values,
    ReturnValues: 'ALL_OLD',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  })
  const removed = await sendConditional(() => documents.send(command))
  if (!isConditionFailed(removed)) return { outcome: 'removed', item: removed.Attributes }
  const { currentItem, ambiguous } = removed
  if (currentItem === undefined && ambiguous) return { outcome: 'removed', item: undefined }
  // A guess ends here: it must not be slower, or in the owner's way, where the client counts.
  if (currentItem?.counted !== true || !meets(currentItem))
    return { outcome: 'refused', item: currentItem }

  const deletion = {
    Delete: {
      TableName,
      Key,
      ConditionExpression,
      ...values,
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  } as const
  // Where nothing is left to give back, the count was lost: that must not keep a client from its deletion.
  for (const releaseQuota of [
    decrementClientCount,
    resetClientCount,
    decrementClientCount,
    resetClientCount,
  ]) {
    const writes = [deletion, releaseQuota(TableName, String(currentItem.owner))]
    const reasons = await transact(documents, writes, async () => true)
    if (reasons === undefined) return { outcome: 'removed', item: currentItem }
    const [{ Code, Item: item } = {}] = reasons
    if (Code === 'ConditionalCheckFailed')
      return { outcome: 'refused', item: item && unmarshall(item) }
  }
  throw unavailable()
}

/** Which client a removal deleted; its identifier at least. */
export const deletedClient = (client_id: string, { item = {} }: DeleteResult): DeletedClient =>
  fromItem(client_id, item)
