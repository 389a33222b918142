import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb'
import type { Consumable } from '../../ports/consumable.ts'
import { sha256 } from '../../tokens/token.ts'
import { isConsumable } from './initial-access-token-conditions.ts'
import {
  hourKey,
  initialAccessTokenKey,
  ownerEntry,
  ownerKey,
  schema,
  usedTokenKey,
} from './table.ts'

type Write = NonNullable<TransactWriteCommandInput['TransactItems']>[number]

/** The conditional write that spends this; `now` in Unix seconds. */
export function consumeWrite(TableName: string, consumable: Consumable, now: number): Write {
  switch (consumable.kind) {
    case 'initial_access_token':
      return {
        Update: {
          TableName,
          Key: initialAccessTokenKey(consumable.id),
          UpdateExpression: 'SET uses_left = uses_left - :one, last_used_at = :now',
          ConditionExpression: isConsumable,
          ExpressionAttributeValues: {
            ':one': 1,
            ':none': 0,
            ':now': now,
            ':presented': consumable.token_digest,
          },
        },
      }
    case 'access_token':
    case 'signed_request':
      return { Put: usedToken(TableName, consumable) }
    case 'anonymous_client':
      return { Update: countingHour(TableName, consumable.hour, consumable.max) }
    case 'owned_client':
      return { Update: countWrite(TableName, ownerEntry(consumable), consumable.max) }
  }
}

type UsedToken = { readonly digest: Uint8Array; readonly remembered_until: number }

/** The item that remembers a JWT as used, until time to live removes it. */
export const usedToken = (TableName: string, { digest, remembered_until }: UsedToken) => ({
  TableName,
  Item: { ...usedTokenKey(digest), schema, expires_at: remembered_until },
  ConditionExpression: 'attribute_not_exists(pk)',
})

/** The write that counts one more client of an owner, by its entry, however many there are. */
export const incrementClientCount = (TableName: string, entry: string): Write => ({
  Update: countWrite(TableName, entry),
})

/** Counts one more client of an owner, up to the most that there may be. */
const countWrite = (TableName: string, entry: string, max?: number) => ({
  TableName,
  Key: ownerQuotaKey(entry),
  UpdateExpression: oneMore,
  ...(max !== undefined && { ConditionExpression: isBelow }),
  ExpressionAttributeValues: {
    ':none': 0,
    ':one': 1,
    ...(max !== undefined && { ':most': max }),
  },
})

const oneMore = 'SET clients = if_not_exists(clients, :none) + :one'
const isBelow = 'attribute_not_exists(clients) OR clients < :most'

/** Counts one more client of an hour; time to live removes the count when the hour is over for every clock. */
const countingHour = (TableName: string, hour: number, max: number) => ({
  TableName,
  Key: hourKey(hour),
  UpdateExpression: `${oneMore}, expires_at = :end`,
  ConditionExpression: isBelow,
  ExpressionAttributeValues: { ':none': 0, ':one': 1, ':most': max, ':end': hour + 7200 },
})

/** The write that gives an owner one client back. */
export const decrementClientCount = (TableName: string, entry: string): Write => ({
  Update: {
    TableName,
    Key: ownerQuotaKey(entry),
    UpdateExpression: 'SET clients = clients - :one',
    ConditionExpression: isCounted,
    ExpressionAttributeValues: { ':one': 1, ':none': 0 },
  },
})

/** The write in its place where the owner has none to give back: the count is gone, or is wrong. */
export const resetClientCount = (TableName: string, entry: string): Write => ({
  Update: {
    TableName,
    Key: ownerQuotaKey(entry),
    UpdateExpression: 'SET clients = :none',
    ConditionExpression: `NOT ${isCounted}`,
    ExpressionAttributeValues: { ':none': 0 },
  },
})

const isCounted = '(clients > :none)'

/** An owner's entry can be of any length; a key cannot. */
const ownerQuotaKey = (entry: string) => ownerKey(sha256(entry))
