import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import { idempotencyLifetimeSeconds } from '../../idempotency-key.ts'
import type { InitialAccessTokenStore } from '../../ports/initial-access-token-store.ts'
import { batchGet } from './batch-get.ts'
import { isSameBytes } from './client-item.ts'
import { isConsumable } from './initial-access-token-conditions.ts'
import {
  initialAccessTokenFromItem,
  initialAccessTokenToItem,
} from './initial-access-token-item.ts'
import { listPage } from './list-page.ts'
import { isConditionFailed, returnCurrentItem, send, sendConditional } from './request.ts'
import { initialAccessTokenKey, listingPartitions, table } from './table.ts'

/** Implements InitialAccessTokenStore on the DynamoDB table. */
export function dynamodbInitialAccessTokenStore(
  documents: DynamoDBDocumentClient,
  TableName: string,
): InitialAccessTokenStore {
  return {
    async issue(token) {
      const command = new PutCommand({
        TableName,
        Item: initialAccessTokenToItem(token),
        ConditionExpression: 'attribute_not_exists(pk)',
        ...returnCurrentItem,
      })
      const put = await sendConditional(() => documents.send(command))
      if (isConditionFailed(put) && !isSameBytes(put.currentItem?.token_digest, token.token_digest))
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
      const marker = markerAt(write_id, now)
      const [oldest, newest] = [
        markerAt(write_id, now - idempotencyLifetimeSeconds + 1),
        markerAt(write_id, maxTime),
      ]
      const command = new UpdateCommand({
        TableName,
        Key: initialAccessTokenKey(id),
        UpdateExpression: `SET uses_left = uses_left - :one, last_used_at = :now, ${slot} = :marker`,
        ConditionExpression: `${isConsumable} AND ${notConsumedByThisRequest(slot)}`,
        ExpressionAttributeValues: {
          ':one': 1,
          ':none': 0,
          ':now': now,
          ':presented': token_digest,
          ':marker': marker,
          ':oldest': oldest,
          ':newest': newest,
        },
        ReturnValues: 'ALL_NEW',
        ...returnCurrentItem,
      })
      const consumed = await sendConditional(() => documents.send(command))
      if (!isConditionFailed(consumed)) return initialAccessTokenFromItem(consumed.Attributes ?? {})
      const { currentItem, ambiguous } = consumed
      const isSameRequest =
        isBetween(currentItem?.[slot], oldest, newest) &&
        isSameBytes(currentItem?.token_digest, token_digest) &&
        Number(currentItem?.expires_at) > now
      if (currentItem === undefined || !isSameRequest) return undefined
      const token = initialAccessTokenFromItem(currentItem)
      // After a lost response, it was this request that consumed the use.
      return ambiguous ? token : { ...token, isRepetition: true }
    },

    async list(limit, from) {
      const range = { index: table.listing, partitions: listingPartitions('IAT') }
      const { keys, next } = await listPage(documents, TableName, range, limit, from)
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
 * The attribute in which a request stores its marker when it consumes a use, so that a retry after
 * a lost response, or a repetition with the same idempotency key, finds it. A token keeps sixteen
 * of these attributes instead of one for each use, which bounds the size of its item.
 */
const markerAttribute = (write_id: Uint8Array): string => `spent_by_${(write_id[0] ?? 0) % 16}`

/**
 * The `write_id` of a request and the time at which it consumes a use. An equal request counts as
 * the same one for ten minutes, as long as its response is kept: later it consumes another use, so
 * that a token never admits more clients than it has uses.
 */
function markerAt(write_id: Uint8Array, seconds: number): Uint8Array {
  const time = Buffer.alloc(4)
  time.writeUInt32BE(seconds)
  return new Uint8Array([...write_id, ...time])
}

const maxTime = 2 ** 32 - 1

/**
 * This request has not consumed a use yet. Without this condition, its retry would consume a second
 * use.
 */
const notConsumedByThisRequest = (slot: string): string =>
  `(attribute_not_exists(${slot}) OR NOT ${slot} BETWEEN :oldest AND :newest)`

/** Evaluates the same comparison, byte by byte. */
const isBetween = (marker: unknown, oldest: Uint8Array, newest: Uint8Array): boolean =>
  marker instanceof Uint8Array &&
  Buffer.compare(oldest, marker) <= 0 &&
  Buffer.compare(marker, newest) <= 0
