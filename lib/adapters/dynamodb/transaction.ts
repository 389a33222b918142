import { setTimeout as pause } from 'node:timers/promises'
import { type CancellationReason, TransactionCanceledException } from '@aws-sdk/client-dynamodb'
import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb'
import { mayHaveTakenEffect } from './attempts.ts'
import { send, unavailable } from './request.ts'

/** Tries of one transaction that meets others on the same items. */
const maxAttempts = 6

/**
 * Writes all items or none; resolves to why it was cancelled, one reason an item, or to undefined where it took effect.
 * The SDK does not retry a transaction that met another one: it is tried again here, while `mayRetry` still finds reason
 * to. Rejects with OAuthError `temporarily_unavailable` where that does not help.
 */
export async function transact(
  documents: DynamoDBDocumentClient,
  TransactItems: TransactWriteCommandInput['TransactItems'],
  mayRetry: () => Promise<boolean>,
): Promise<readonly CancellationReason[] | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const { reasons, ambiguous } = await attemptOnce(documents, TransactItems)
    const codes = reasons?.map(({ Code }) => Code) ?? []
    const isDecided = codes.includes('ConditionalCheckFailed')
    if (reasons === undefined || isDecided) return reasons
    if (!codes.includes('TransactionConflict') || attempt === maxAttempts) throw unavailable()
    await pause(Math.random() * 20 * 2 ** attempt)
    // Where an answer was lost, the other transaction may be this one: the next try finds its own effect.
    if (!ambiguous && !(await mayRetry())) return reasons
  }
}

type AttemptResult = {
  /** Why it was cancelled; undefined where it took effect. */
  readonly reasons: readonly CancellationReason[] | undefined
  /** Whether an earlier attempt of it may have taken effect. */
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
