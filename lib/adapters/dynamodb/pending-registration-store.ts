import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import { generateWriteId } from '../../client.ts'
import type {
  PendingRegistration,
  PendingRegistrationStore,
} from '../../ports/pending-registration-store.ts'
import { type Item, isOwnWrite } from './client-item.ts'
import { createItem } from './create-item.ts'
import { hourlyCounters } from './hourly-counters.ts'
import { isConditionFailed, returnCurrentItem, send, sendConditional } from './request.ts'
import { pendingRegistrationKey, schema } from './table.ts'

const isOpen = 'attribute_not_exists(decision) AND expires_at > :now'

/** Implements PendingRegistrationStore on the DynamoDB table. */
export function dynamodbPendingRegistrationStore(
  documents: DynamoDBDocumentClient,
  TableName: string,
): PendingRegistrationStore {
  const counters = hourlyCounters()

  return {
    create({ verification_code, ...registration }, consumables) {
      const now = registration.requested_at
      const put = {
        Item: { ...pendingRegistrationKey(verification_code), schema, ...registration },
        // Time to live deletes late, and an expired code may be generated again.
        ConditionExpression: 'attribute_not_exists(pk) OR expires_at <= :now',
        ExpressionAttributeValues: { ':now': now },
      }
      return createItem(documents, TableName, put, consumables, now, counters)
    },

    async find(verification_code) {
      const Key = pendingRegistrationKey(verification_code)
      const command = new GetCommand({ TableName, Key, ConsistentRead: true })
      const { Item } = await send(() => documents.send(command))
      return Item && fromItem(verification_code, Item)
    },

    async poll({ verification_code, code_digest, polled_at }, now) {
      const command = new UpdateCommand({
        TableName,
        Key: pendingRegistrationKey(verification_code),
        UpdateExpression: 'SET polled_at = :now',
        ConditionExpression: `${isOpen} AND code_digest = :presented AND polled_at = :before`,
        ExpressionAttributeValues: {
          ':now': now,
          ':presented': code_digest,
          ':before': polled_at,
        },
      })
      const polled = await sendConditional(() => documents.send(command))
      return !isConditionFailed(polled) || polled.ambiguous
    },

    async decide(verification_code, decision) {
      const write_id = generateWriteId()
      const command = new UpdateCommand({
        TableName,
        Key: pendingRegistrationKey(verification_code),
        UpdateExpression: 'SET decision = :decision, write_id = :write_id',
        ConditionExpression: isOpen,
        ExpressionAttributeValues: {
          ':decision': decision,
          ':write_id': write_id,
          ':now': decision.decided_at,
        },
        ReturnValues: 'ALL_NEW',
        ...returnCurrentItem,
      })
      const decided = await sendConditional(() => documents.send(command))
      const isFailed = isConditionFailed(decided)
      const item = isFailed ? decided.currentItem : decided.Attributes
      const registration = item && fromItem(verification_code, item)
      if (registration === undefined || registration.expires_at <= decision.decided_at)
        return undefined
      const isWritten = !isFailed || isOwnWrite(item, write_id)
      return { outcome: isWritten ? 'written' : 'rejected', registration }
    },

    async cancel({ verification_code, code_digest }, now) {
      const command = new DeleteCommand({
        TableName,
        Key: pendingRegistrationKey(verification_code),
        ConditionExpression: 'code_digest = :presented AND expires_at > :now',
        ExpressionAttributeValues: { ':presented': code_digest, ':now': now },
        ...returnCurrentItem,
      })
      const deleted = await sendConditional(() => documents.send(command))
      return !isConditionFailed(deleted) || (deleted.ambiguous && deleted.currentItem === undefined)
    },
  }
}

/** Only this service writes the table, so the item's shape is trusted. */
const fromItem = (verification_code: string, item: Item): PendingRegistration => {
  const { pk, schema: _, ...registration } = item
  return { verification_code, ...registration } as PendingRegistration
}
