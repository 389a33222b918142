import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb'
import type { Spending } from '../spending.ts'
import { digestOf } from '../tokens/token.ts'
import { isSpendable } from './initial-access-token-conditions.ts'
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
export function spendingWrite(TableName: string, spending: Spending, now: number): Write {
  switch (spending.kind) {
    case 'initial_access_token':
      return {
        Update: {
          TableName,
          Key: initialAccessTokenKey(spending.id),
          UpdateExpression: 'SET uses_left = uses_left - :one, last_used_at = :now',
          ConditionExpression: isSpendable,
          ExpressionAttributeValues: {
            ':one': 1,
            ':none': 0,
            ':now': now,
            ':presented': spending.token_digest,
          },
        },
      }
    case 'access_token':
    case 'signed_request':
      return { Put: usedToken(TableName, spending) }
    case 'anonymous_client':
      return { Update: countingHour(TableName, spending.hour, spending.most) }
    case 'owned_client':
      return { Update: counting(TableName, ownerEntry(spending), spending.most) }
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
export const ownerCount = (TableName: string, entry: string): Write => ({
  Update: counting(TableName, entry),
})

/** Counts one more client of an owner, up to the most that there may be. */
const counting = (TableName: string, entry: string, most?: number) => ({
  TableName,
  Key: ownedBy(entry),
  UpdateExpression: oneMore,
  ...(most !== undefined && { ConditionExpression: isBelow }),
  ExpressionAttributeValues: {
    ':none': 0,
    ':one': 1,
    ...(most !== undefined && { ':most': most }),
  },
})

const oneMore = 'SET clients = if_not_exists(clients, :none) + :one'
const isBelow = 'attribute_not_exists(clients) OR clients < :most'

/** Counts one more client of an hour; time to live removes the count when the hour is over for every clock. */
const countingHour = (TableName: string, hour: number, most: number) => ({
  TableName,
  Key: hourKey(hour),
  UpdateExpression: `${oneMore}, expires_at = :end`,
  ConditionExpression: isBelow,
  ExpressionAttributeValues: { ':none': 0, ':one': 1, ':most': most, ':end': hour + 7200 },
})

/** The write that gives an owner one client back. */
export const ownerRelease = (TableName: string, entry: string): Write => ({
  Update: {
    TableName,
    Key: ownedBy(entry),
    UpdateExpression: 'SET clients = clients - :one',
    ConditionExpression: isCounted,
    ExpressionAttributeValues: { ':one': 1, ':none': 0 },
  },
})

/** The write in its place where the owner has none to give back: the count is gone, or is wrong. */
export const ownerReset = (TableName: string, entry: string): Write => ({
  Update: {
    TableName,
    Key: ownedBy(entry),
    UpdateExpression: 'SET clients = :none',
    ConditionExpression: `NOT ${isCounted}`,
    ExpressionAttributeValues: { ':none': 0 },
  },
})

const isCounted = '(clients > :none)'

/** An owner's entry can be of any length; a key cannot. */
const ownedBy = (entry: string) => ownerKey(digestOf(entry))
