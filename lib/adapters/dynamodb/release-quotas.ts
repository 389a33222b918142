import type { CancellationReason } from '@aws-sdk/client-dynamodb'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { serviceUnavailable } from '../../errors.ts'
import { type CounterKey, decrementWrite, resetWrite, type Write } from './consume-write.ts'
import { transact } from './transaction.ts'

/** Attempts, while the counts change between missing and present. */
const maxAttempts = 4

/**
 * Deletes a client by the first of these writes, and decrements the counts of its quotas, in one
 * transaction. A missing or zero count means that it was lost: that does not prevent the deletion.
 * Resolves to the cancellation reasons if the condition of the deletion failed, and to undefined if
 * the transaction succeeded. Rejects with OAuthError `temporarily_unavailable`.
 */
export async function transactReleasing(
  documents: DynamoDBDocumentClient,
  TableName: string,
  writes: readonly [Write, ...Write[]],
  quotas: readonly CounterKey[],
): Promise<readonly CancellationReason[] | undefined> {
  let releases = quotas.map(() => decrementWrite)
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const released = quotas.map((key, index) => (releases[index] ?? resetWrite)(TableName, key))
    const reasons = await transact(documents, [...writes, ...released])
    if (reasons === undefined || reasons[0]?.Code === 'ConditionalCheckFailed') return reasons
    const counts = reasons.slice(writes.length)
    releases = releases.map((release, index) => {
      if (counts[index]?.Code !== 'ConditionalCheckFailed') return release
      return release === decrementWrite ? resetWrite : decrementWrite
    })
  }
  throw serviceUnavailable()
}
