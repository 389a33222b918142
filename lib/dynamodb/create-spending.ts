import { setTimeout as pause } from 'node:timers/promises'
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb'
import {
  type DynamoDBDocumentClient,
  GetCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { RegisteredClient } from '../client.ts'
import type { Spending } from '../client-store.ts'
import { clientItem, wrote } from './client-item.ts'
import { isSpendable, isStillSpendable } from './initial-access-token-conditions.ts'
import { answered, busy } from './request.ts'
import { initialAccessTokenKey } from './table.ts'

/** Tries of one registration whose token others are spending at the same time. */
const attempts = 6

/**
 * Spends an initial access token and creates the client in one transaction: both or neither. The SDK does not
 * retry a transaction that met another one on the same token; here the token is read again, and tried again
 * while it can still be spent.
 */
export async function createSpending(
  documents: DynamoDBDocumentClient,
  TableName: string,
  client: RegisteredClient,
  { id, token_digest }: Spending,
): Promise<'created' | 'exists' | 'token_refused'> {
  const now = client.client_id_issued_at
  const Key = initialAccessTokenKey(id)
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const outcome = await transact()
    if (outcome !== 'conflict') return outcome
    await pause(Math.random() * 20 * 2 ** attempt)
    const command = new GetCommand({ TableName, Key, ConsistentRead: true })
    const { Item } = await answered(() => documents.send(command))
    if (!isStillSpendable(Item, now)) return 'token_refused'
  }
  throw busy()

  async function transact() {
    const command = new TransactWriteCommand({
      TransactItems: [
        {
          Update: {
            TableName,
            Key,
            UpdateExpression: 'SET uses_left = uses_left - :one, last_used_at = :now',
            ConditionExpression: isSpendable,
            ExpressionAttributeValues: {
              ':one': 1,
              ':none': 0,
              ':now': now,
              ':presented': token_digest,
            },
          },
        },
        {
          Put: {
            TableName,
            Item: clientItem(client),
            ConditionExpression: 'attribute_not_exists(pk)',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          },
        },
      ],
    })
    try {
      await answered(() => documents.send(command))
      return 'created'
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error
      return canceled(error)
    }
  }

  /** What a cancelled transaction means; one whose client stands there already took effect before. */
  function canceled(error: TransactionCanceledException) {
    const [spend, put] = error.CancellationReasons ?? []
    if (put?.Item !== undefined && wrote(unmarshall(put.Item), client.write_id)) return 'created'
    if (spend?.Code === 'ConditionalCheckFailed') return 'token_refused'
    if (put?.Code === 'ConditionalCheckFailed') return 'exists'
    const codes = [spend?.Code, put?.Code]
    if (codes.includes('TransactionConflict')) return 'conflict'
    if (
      codes.some((code) => code === 'ThrottlingError' || code === 'ProvisionedThroughputExceeded')
    )
      throw busy(error)
    throw error
  }
}
