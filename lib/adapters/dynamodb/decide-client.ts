import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { generateWriteId } from '../../client.ts'
import type { Decision } from '../../decision.ts'
import { serviceUnavailable } from '../../errors.ts'
import type { DecisionResult } from '../../ports/client-admin-store.ts'
import { fromItem, isOwnWrite } from './client-item.ts'
import { updateWithSequence } from './expression.ts'
import { isConditionFailed, returnCurrentItem, sendConditional } from './request.ts'
import { clientKey, labelEntry } from './table.ts'

export const isPending = 'attribute_exists(pending_at)'
export const isNotPending = 'attribute_not_exists(pending_at)'

/** Attempts of a decision while operators set and remove the label of the client. */
const maxAttempts = 4

/**
 * Stores the decision on a client that awaits approval: one conditional write, and another one if
 * the client has a label, because labelled clients are listed separately.
 */
export async function decideClient(
  documents: DynamoDBDocumentClient,
  TableName: string,
  client_id: string,
  decision: Decision,
  version: number | undefined,
): Promise<DecisionResult> {
  const write_id = generateWriteId()
  let isLabelled = false
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const update = updateWithSequence({
      ...labelEntry(client_id, isLabelled),
      decision,
      pending_at: undefined,
      ...(decision.outcome === 'approved' && { disabled_at: undefined }),
      write_id,
    })
    const command = new UpdateCommand({
      ...update,
      TableName,
      Key: clientKey(client_id),
      ConditionExpression: [
        isPending,
        isLabelled ? 'attribute_exists(label)' : 'attribute_not_exists(label)',
        ...(version === undefined ? [] : ['version = :seen']),
      ].join(' AND '),
      ExpressionAttributeValues: {
        ...update.ExpressionAttributeValues,
        ...(version !== undefined && { ':seen': version }),
      },
      ReturnValues: 'ALL_NEW',
      ...returnCurrentItem,
    })
    const decided = await sendConditional(() => documents.send(command))
    if (!isConditionFailed(decided))
      return { outcome: 'written', client: fromItem(client_id, decided.Attributes ?? {}) }
    const { currentItem } = decided
    if (currentItem === undefined) return { outcome: 'rejected', current: undefined }
    const current = fromItem(client_id, currentItem)
    if (isOwnWrite(currentItem, write_id)) return { outcome: 'written', client: current }
    const isDecidable =
      current.pending_at !== undefined && (version ?? current.version) === current.version
    if (!isDecidable) return { outcome: 'rejected', current }
    isLabelled = current.label !== undefined
  }
  throw serviceUnavailable()
}
