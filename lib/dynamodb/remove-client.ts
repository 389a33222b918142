import { DeleteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { RemovedClient } from '../client-store.ts'
import { asClient, type Item } from './client-item.ts'
import { busy, conditionally, isConditionFailed } from './request.ts'
import { ownerRelease, ownerReset } from './spending.ts'
import { clientKey } from './table.ts'
import { transact } from './transaction.ts'

/** What a deletion depends on. */
export type RemovalCondition = {
  readonly ConditionExpression: string
  /** Left out where the condition names no value: an empty map is refused. */
  readonly ExpressionAttributeValues?: Record<string, unknown>
  /** The same condition of an item that is at hand. */
  readonly meets: (item: Item) => boolean
}

export type Removal = {
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
export async function removeClient(
  documents: DynamoDBDocumentClient,
  TableName: string,
  client_id: string,
  { ConditionExpression, meets, ...values }: RemovalCondition,
): Promise<Removal> {
  const Key = clientKey(client_id)
  const command = new DeleteCommand({
    TableName,
    Key,
    ConditionExpression: `(${ConditionExpression}) AND attribute_not_exists(counted)`,
    ...values,
    ReturnValues: 'ALL_OLD',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  })
  const removed = await conditionally(() => documents.send(command))
  if (!isConditionFailed(removed)) return { outcome: 'removed', item: removed.Attributes }
  const { standing, unsure } = removed
  if (standing === undefined && unsure) return { outcome: 'removed', item: undefined }
  // A guess ends here: it must not be slower, or in the owner's way, where the client counts.
  if (standing?.counted !== true || !meets(standing)) return { outcome: 'refused', item: standing }

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
  for (const giveBack of [ownerRelease, ownerReset, ownerRelease, ownerReset]) {
    const writes = [deletion, giveBack(TableName, String(standing.owner))]
    const reasons = await transact(documents, writes, async () => true)
    if (reasons === undefined) return { outcome: 'removed', item: standing }
    const [{ Code, Item: item } = {}] = reasons
    if (Code === 'ConditionalCheckFailed')
      return { outcome: 'refused', item: item && unmarshall(item) }
  }
  throw busy()
}

/** Which client a removal deleted; its identifier at least. */
export const removedClient = (client_id: string, { item = {} }: Removal): RemovedClient =>
  asClient(client_id, item)
