import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import type { InitialAccessTokenStore } from '../initial-access-token-store.ts'
import { sameBytes } from '../tokens/token.ts'
import type { Item } from './client-item.ts'
import { isSpendable } from './initial-access-token-conditions.ts'
import { asInitialAccessToken } from './initial-access-token-item.ts'
import { itemsOf } from './items.ts'
import { listPage } from './listing.ts'
import { answered, conditionally, isConditionFailed } from './request.ts'
import { initialAccessTokenKey, listingEntry, listingPartitions, schema, table } from './table.ts'

const returnStanding = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const

/** Keeps initial access tokens in the table. */
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
        ...returnStanding,
      })
      const put = await conditionally(() => documents.send(command))
      if (isConditionFailed(put) && !holdsBytes(put.standing, 'token_digest', token.token_digest))
        throw new Error('the drawn id of an initial access token is taken')
    },

    async find(id) {
      const Key = initialAccessTokenKey(id)
      const command = new GetCommand({ TableName, Key, ConsistentRead: true })
      const { Item } = await answered(() => documents.send(command))
      return Item && asInitialAccessToken(Item)
    },

    async spend(id, token_digest, now, write_id) {
      const slot = spentBy(write_id)
      const command = new UpdateCommand({
        TableName,
        Key: initialAccessTokenKey(id),
        UpdateExpression: `SET uses_left = uses_left - :one, last_used_at = :now, ${slot} = :write_id`,
        ConditionExpression: `${isSpendable} AND ${isNotMine(slot)}`,
        ExpressionAttributeValues: {
          ':one': 1,
          ':none': 0,
          ':now': now,
          ':presented': token_digest,
          ':write_id': write_id,
        },
        ReturnValues: 'ALL_NEW',
        ...returnStanding,
      })
      const spent = await conditionally(() => documents.send(command))
      if (!isConditionFailed(spent)) return asInitialAccessToken(spent.Attributes ?? {})
      return spent.standing && holdsBytes(spent.standing, slot, write_id)
        ? asInitialAccessToken(spent.standing)
        : undefined
    },

    async list(limit, from) {
      const span = { index: table.listing, partitions: listingPartitions('IAT') }
      const { keys, next } = await listPage(documents, TableName, span, limit, from)
      const items = await itemsOf(documents, TableName, keys)
      return { tokens: items.map(asInitialAccessToken), next }
    },

    async revoke(id) {
      const command = new DeleteCommand({
        TableName,
        Key: initialAccessTokenKey(id),
        ConditionExpression: 'attribute_exists(pk)',
      })
      const deleted = await conditionally(() => documents.send(command))
      return !isConditionFailed(deleted) || deleted.unsure
    },
  }
}

/**
 * The attribute in which a request leaves its mark when it spends a use, so that its own retry after a lost answer
 * recognises itself. A token of many uses keeps sixteen marks, not one a use, and so stays small.
 */
const spentBy = (write_id: Uint8Array): string => `spent_by_${(write_id[0] ?? 0) % 16}`

/** This very request has not left its mark yet: else its own retry would spend a second use. */
const isNotMine = (slot: string): string =>
  `(attribute_not_exists(${slot}) OR ${slot} <> :write_id)`

const holdsBytes = (item: Item | undefined, attribute: string, bytes: Uint8Array): boolean => {
  const stored = item?.[attribute]
  return stored instanceof Uint8Array && sameBytes(stored, bytes)
}
