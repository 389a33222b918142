import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb'
import type { Consumable, StoredResponse } from '../../ports/consumable.ts'
import { sha256 } from '../../tokens/token.ts'
import type { Item } from './client-item.ts'
import type { Counter, Hourly } from './hourly-counters.ts'
import { isConsumable } from './initial-access-token-conditions.ts'
import {
  initialAccessTokenKey,
  ownerEntry,
  ownerKey,
  pendingRegistrationKey,
  responseKey,
  schema,
  softwareDigest,
  softwareKey,
  usedTokenKey,
} from './table.ts'

/** One write of a transaction. */
export type Write = NonNullable<TransactWriteCommandInput['TransactItems']>[number]

/** The conditional write that consumes this consumable; `now` in Unix seconds. */
export function consumeWrite(
  TableName: string,
  consumable: Exclude<Consumable, Hourly>,
  now: number,
): Write {
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
    case 'idempotency_key':
      return { Put: idempotentResponse(TableName, consumable, now) }
    case 'software_client':
      return incrementWrite(
        TableName,
        softwareKey(softwareDigest(consumable.software_id)),
        consumable.max,
      )
    case 'pending_registration':
      return {
        Delete: {
          TableName,
          Key: pendingRegistrationKey(consumable.verification_code),
          ConditionExpression:
            'code_digest = :presented AND decision.outcome = :approved AND expires_at > :now',
          ExpressionAttributeValues: {
            ':presented': consumable.code_digest,
            ':approved': 'approved',
            ':now': now,
          },
        },
      }
    case 'owned_client':
      return incrementWrite(TableName, ownerQuotaKey(ownerEntry(consumable)), consumable.max)
  }
}

type UsedToken = { readonly digest: Uint8Array; readonly remembered_until: number }

/** The item that marks a JWT as used until time to live deletes it. */
export const usedToken = (TableName: string, { digest, remembered_until }: UsedToken) => ({
  TableName,
  Item: { ...usedTokenKey(digest), schema, expires_at: remembered_until },
  ConditionExpression: 'attribute_not_exists(pk)',
})

/** The item of a response; time to live deletes an expired one late, so that it can be replaced. */
const idempotentResponse = (
  TableName: string,
  { id, request_digest, response_jwe, expires_at }: StoredResponse,
  now: number,
) => ({
  TableName,
  Item: { ...responseKey(id), schema, request_digest, response_jwe, expires_at },
  ConditionExpression: 'attribute_not_exists(pk) OR expires_at <= :now',
  ExpressionAttributeValues: { ':now': now },
})

/** The key of a count of clients. */
export type CounterKey = { readonly pk: string }

/** The counters of the quotas that a stored client counts toward. */
export const quotaKeys = ({ counted, owner, counted_software }: Item): readonly CounterKey[] => [
  ...(counted === true ? [ownerQuotaKey(String(owner))] : []),
  ...(counted_software instanceof Uint8Array ? [softwareKey(counted_software)] : []),
]

/** An owner's entry has no length limit, but a DynamoDB key has one. */
const ownerQuotaKey = (entry: string) => ownerKey(sha256(entry))

/** The write that increments a client count, up to `max` if given. */
export const incrementWrite = (TableName: string, Key: CounterKey, max?: number): Write => ({
  Update: {
    TableName,
    Key,
    UpdateExpression: oneMore,
    ...(max !== undefined && { ConditionExpression: isBelow }),
    ExpressionAttributeValues: {
      ':none': 0,
      ':one': 1,
      ...(max !== undefined && { ':most': max }),
    },
  },
})

const oneMore = 'SET clients = if_not_exists(clients, :none) + :one'
const isBelow = 'attribute_not_exists(clients) OR clients < :most'

/**
 * The write that increments a client count of one hour. Time to live deletes the count an hour after
 * that hour ends, which allows for clock skew.
 */
export const hourlyWrite = (TableName: string, { hour }: Hourly, { pk, max }: Counter): Write => ({
  Update: {
    TableName,
    Key: { pk },
    UpdateExpression: `${oneMore}, expires_at = :end`,
    ConditionExpression: isBelow,
    ExpressionAttributeValues: { ':none': 0, ':one': 1, ':most': max, ':end': hour + 7200 },
  },
})

/** The write that decrements a client count. */
export const decrementWrite = (TableName: string, Key: CounterKey): Write => ({
  Update: {
    TableName,
    Key,
    UpdateExpression: 'SET clients = clients - :one',
    ConditionExpression: isCounted,
    ExpressionAttributeValues: { ':one': 1, ':none': 0 },
  },
})

/** The write that replaces the decrement when the count is missing or not positive. */
export const resetWrite = (TableName: string, Key: CounterKey): Write => ({
  Update: {
    TableName,
    Key,
    UpdateExpression: 'SET clients = :none',
    ConditionExpression: `NOT ${isCounted}`,
    ExpressionAttributeValues: { ':none': 0 },
  },
})

const isCounted = '(clients > :none)'
