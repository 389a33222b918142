import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { RegisteredClient } from '../client.ts'
import type { Creation } from '../client-store.ts'
import type { Spending } from '../spending.ts'
import { clientItem, wrote } from './client-item.ts'
import { isStillSpendable } from './initial-access-token-conditions.ts'
import { answered, conditionally, isConditionFailed } from './request.ts'
import { spendingWrite } from './spending.ts'
import { initialAccessTokenKey } from './table.ts'
import { transact } from './transaction.ts'

const isNew = {
  ConditionExpression: 'attribute_not_exists(pk)',
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
} as const

/** Stores a new client: by a conditional write, or by a transaction with all that its registration spends. */
export async function createClient(
  documents: DynamoDBDocumentClient,
  TableName: string,
  client: RegisteredClient,
  spendings: readonly Spending[],
): Promise<Creation> {
  const put = { TableName, Item: clientItem(client), ...isNew }
  if (spendings.length === 0) {
    const created = await conditionally(() => documents.send(new PutCommand(put)))
    const isOurs = !isConditionFailed(created) || wrote(created.standing, client.write_id)
    return { outcome: isOurs ? 'created' : 'exists' }
  }

  const now = client.client_id_issued_at
  const writes = spendings.map((spending) => spendingWrite(TableName, spending, now))
  const reasons = await transact(documents, [...writes, { Put: put }], canStillSpend)
  if (reasons === undefined) return { outcome: 'created' }
  // A retry after a lost answer finds all of it spent, and the very client that it creates.
  const standing = reasons.at(-1)?.Item
  if (standing !== undefined && wrote(unmarshall(standing), client.write_id))
    return { outcome: 'created' }
  const refused = spendings.find((_, index) => reasons[index]?.Code === 'ConditionalCheckFailed')
  if (refused !== undefined) return { outcome: 'spent', kind: refused.kind }
  if (reasons.at(-1)?.Code === 'ConditionalCheckFailed') return { outcome: 'exists' }
  return { outcome: 'spent', kind: 'initial_access_token' }

  /** After a conflict: whether the other transaction has left a use of the initial access token. */
  async function canStillSpend(): Promise<boolean> {
    const token = spendings.find(({ kind }) => kind === 'initial_access_token')
    if (token?.kind !== 'initial_access_token') return true
    const Key = initialAccessTokenKey(token.id)
    const command = new GetCommand({ TableName, Key, ConsistentRead: true })
    const { Item } = await answered(() => documents.send(command))
    return isStillSpendable(Item, now)
  }
}
