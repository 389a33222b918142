import { DeleteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { DeletedClient } from '../../ports/client-store.ts'
import { fromItem, type Item } from './client-item.ts'
import { quotaKeys } from './consume-write.ts'
import { transactReleasing } from './release-quotas.ts'
import { isConditionFailed, returnCurrentItem, sendConditional } from './request.ts'
import { clientKey } from './table.ts'

/** The condition of a deletion. */
export type DeleteCondition = {
  readonly ConditionExpression: string
  /** Omitted if the condition has no values: DynamoDB rejects an empty map. */
  readonly ExpressionAttributeValues?: Record<string, unknown>
  /** Evaluates the same condition for an item that has already been read. */
  readonly meets: (item: Item) => boolean
}

export type DeleteResult = {
  readonly outcome: 'removed' | 'rejected'
  /**
   * The deleted item, or the current item if the condition failed. Undefined if the item no longer
   * exists; the outcome is then `removed` if an earlier attempt of the same request had an
   * ambiguous outcome.
   */
  readonly item: Item | undefined
}

/**
 * Deletes a client if the condition holds. A client that counts toward a quota is deleted in a
 * transaction that also decrements the count, if there is one. The service learns that a client
 * counts only from the failed condition of the plain deletion.
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
    ConditionExpression: `(${ConditionExpression}) AND ${countsNowhere}`,
    ...values,
    ReturnValues: 'ALL_OLD',
    ...returnCurrentItem,
  })
  const removed = await sendConditional(() => documents.send(command))
  if (!isConditionFailed(removed)) return { outcome: 'removed', item: removed.Attributes }
  const { currentItem, ambiguous } = removed
  if (currentItem === undefined && ambiguous) return { outcome: 'removed', item: undefined }
  // An invalid token ends here. A guess must not start the transaction: it would be slower and
  // would contend for the count.
  const quotas = currentItem === undefined ? [] : quotaKeys(currentItem)
  if (currentItem === undefined || quotas.length === 0 || !meets(currentItem))
    return { outcome: 'rejected', item: currentItem }

  const deletion = {
    Delete: { TableName, Key, ConditionExpression, ...values, ...returnCurrentItem },
  }
  const reasons = await transactReleasing(documents, TableName, [deletion], quotas)
  if (reasons === undefined) return { outcome: 'removed', item: currentItem }
  const [{ Item: item } = {}] = reasons
  return { outcome: 'rejected', item: item && unmarshall(item) }
}

/** Condition: the client counts toward no quota. */
export const countsNowhere =
  'attribute_not_exists(counted) AND attribute_not_exists(counted_software)'

/** The deleted client, or at least its identifier. */
export const deletedClient = (client_id: string, { item = {} }: DeleteResult): DeletedClient =>
  fromItem(client_id, item)
