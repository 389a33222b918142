import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import type { InitialAccessTokenStore } from '../../ports/initial-access-token-store.ts'
import { bytesEqual } from '../../tokens/token.ts'
import { batchGet } from './batch-get.ts'
import type { Item } from './client-item.ts'
import { isConsumable } from './initial-access-token-conditions.ts'
import { initialAccessTokenFromItem } from './initial-access-token-item.ts'
import { listPage } from './list-page.ts'
import { isConditionFailed, returnCurrentItem, send, sendConditional } from './request.ts'
import { initialAccessTokenKey, listingEntry, listingPartitions, schema, table } from './table.ts'

/** Implements InitialAccessTokenStore on the DynamoDB table. */
export function dynamodbInitialAccessTokenStore(
  documents: DynamoDBDocumentClient,
  TableName: string,
): InitialAccessTokenStore {
  return {
    async issue({ id, ...token }) {
      const { listed, listed_at } = listingEntry('IAT', id, token.issued_at)
      const command = new PutCommand({
        TableName,
        Item: { ...initialAccessTokenKey(id), schema, listed, listed_at, ...token },
        ConditionExpression: 'attribute_not_exists(pk)',
        ...returnCurrentItem,
      })
      const put = await sendConditional(() => documents.send(command))
      if (
        isConditionFailed(put) &&
        !attributeEquals(put.currentItem, 'token_digest', token.token_digest)
      )
        throw new Error('the generated id of an initial access token already exists')
    },

    async find(id) {
      const Key = initialAccessTokenKey(id)
      const command = new GetCommand({ TableName, Key, ConsistentRead: true })
      const { Item } = await send(() => documents.send(command))
      return Item && initialAccessTokenFromItem(Item)
    },

    async consume(id, token_digest, now, write_id) {
      const slot = markerAttribute(write_id)
      const command = new UpdateCommand({
        TableName,
        Key: initialAccessTokenKey(id),
        UpdateExpression: `SET uses_left = uses_left - :one, last_used_at = :now, ${slot} = :write_id`,
        ConditionExpression: `${isConsumable} AND ${notConsumedByThisRequest(slot)}`,
        ExpressionAttributeValues: {
          ':one': 1,
          ':none': 0,
          ':now': now,
          ':presented': token_digest,
          ':write_id': write_id,
        },
        ReturnValues: 'ALL_NEW',
        ...returnCurrentItem,
      })
      const consumed = await sendConditional(() => documents.send(command))
      if (!isConditionFailed(consumed)) return initialAccessTokenFromItem(consumed.Attributes ?? {})
      return consumed.currentItem && attributeEquals(consumed.currentItem, slot, write_id)
        ? initialAccessTokenFromItem(consumed.currentItem)
        : undefined
    },

    async list(limit, from) {
      const span = { index: table.listing, partitions: listingPartitions('IAT') }
      const { keys, next } = await listPage(documents, TableName, span, limit, from)
      const items = await batchGet(documents, TableName, keys)
      return { tokens: items.map(initialAccessTokenFromItem), next }
    },

    async revoke(id) {
      const command = new DeleteCommand({
        TableName,
        Key: initialAccessTokenKey(id),
        ConditionExpression: 'attribute_exists(pk)',
      })
      const deleted = await sendConditional(() => documents.send(command))
      return !isConditionFailed(deleted) || deleted.ambiguous
    },
  }
}

/**
 * The attribute in which a request stores its `write_id` when it consumes a use, so that a retry
 * after a lost response detects its own write. A token keeps sixteen of these attributes instead of
 * one for each use, which bounds the size of its item.
 */
const markerAttribute = (write_id: Uint8Array): string => `spent_by_${(write_id[0] ?? 0) % 16}`

/**
 * This request has not consumed a use yet. Without this condition, its retry would consume a second
 * use.
 */
const notConsumedByThisRequest = (slot: string): string =>
  `(attribute_not_exists(${slot}) OR ${slot} <> :write_id)`

const attributeEquals = (item: Item | undefined, attribute: string, bytes: Uint8Array): boolean => {
  const stored = item?.[attribute]
  return stored instanceof Uint8Array && bytesEqual(stored, bytes)
}
