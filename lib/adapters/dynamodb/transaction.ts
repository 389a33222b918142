import { setTimeout as pause } from 'node:timers/promises'
import { type CancellationReason, TransactionCanceledException } from '@aws-sdk/client-dynamodb'
import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb'
import { serviceUnavailable } from '../../errors.ts'
import { mayHaveTakenEffect } from './attempts.ts'
import { send } from './request.ts'

/** Attempts of one transaction that conflicts with others on the same items. */
const maxAttempts = 6

/**
 * Writes all items or none. Resolves to the cancellation reasons, one for each item, or to
 * undefined if the transaction succeeded. The SDK does not retry a transaction after a conflict.
 * This function does, while `mayRetry` resolves to true, which it always does by default. Rejects
 * with OAuthError `temporarily_unavailable` if the retries are exhausted.
 */
export async function transact(
  documents: DynamoDBDocumentClient,
  TransactItems: TransactWriteCommandInput['TransactItems'],
  mayRetry: () => Promise<boolean> = async () => true,
): Promise<readonly CancellationReason[] | undefined> {
  let ambiguous = false
  for (let attempt = 1; ; attempt += 1) {
    const result = await attemptOnce(documents, TransactItems)
    const { reasons } = result
    ambiguous ||= result.ambiguous
    const codes = reasons?.map(({ Code }) => Code) ?? []
    const isDecided = codes.includes('ConditionalCheckFailed')
    if (reasons === undefined || isDecided) return reasons
    if (!codes.includes('TransactionConflict') || attempt === maxAttempts)
      throw serviceUnavailable()
    await pause(Math.random() * 20 * 2 ** attempt)
    // After a lost response, the conflicting transaction may be an earlier attempt of this one. A
    // later attempt then finds its own effect.
    if (!ambiguous && !(await mayRetry())) return reasons
  }
}

type AttemptResult = {
  /** The cancellation reasons; undefined if the transaction succeeded. */
  readonly reasons: readonly CancellationReason[] | undefined
  /** Whether an earlier attempt may have taken effect. */
  readonly ambiguous: boolean
}

async function attemptOnce(
  documents: DynamoDBDocumentClient,
  TransactItems: TransactWriteCommandInput['TransactItems'],
): Promise<AttemptResult> {
  try {
    await send(() => documents.send(new TransactWriteCommand({ TransactItems })))
    return { reasons: undefined, ambiguous: false }
  } catch (error) {
    if (!(error instanceof TransactionCanceledException) || !error.CancellationReasons) throw error
    if (error.CancellationReasons.some(({ Code }) => Code === 'ValidationError')) throw error
    return { reasons: error.CancellationReasons, ambiguous: mayHaveTakenEffect(error) }
  }
}
