import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import { serviceUnavailable } from '../../errors.ts'
import { isAmbiguousError, mayHaveTakenEffect } from './attempts.ts'

/**
 * A write whose condition failed: the current item, and whether an earlier attempt may have taken
 * effect.
 */
export type ConditionFailed = {
  readonly failed: true
  readonly currentItem: Readonly<Record<string, unknown>> | undefined
  readonly ambiguous: boolean
}

/** Makes the error of a failed condition contain the current item. */
export const returnCurrentItem = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const

/**
 * Sends a conditional write. A failed condition is a result, not an error. Other errors are those
 * of `send`.
 */
export async function sendConditional<Output extends object>(
  request: () => Promise<Output>,
): Promise<Output | ConditionFailed> {
  try {
    return await send(request)
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error
    const currentItem = error.Item && unmarshall(error.Item)
    return { failed: true, currentItem, ambiguous: mayHaveTakenEffect(error) }
  }
}

export const isConditionFailed = <Output extends object>(
  output: Output | ConditionFailed,
): output is ConditionFailed => 'failed' in output

/**
 * Sends a request. Throws OAuthError `temporarily_unavailable` for transient errors and rethrows
 * the others.
 */
export async function send<Output>(request: () => Promise<Output>): Promise<Output> {
  try {
    return await request()
  } catch (cause) {
    const isTransient =
      cause instanceof Error && (transientErrors.has(cause.name) || isAmbiguousError(cause))
    throw isTransient ? serviceUnavailable(cause) : cause
  }
}

/** DynamoDB is throttling, in conflict or unreachable, so a later retry may succeed. */
const transientErrors = new Set([
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'TransactionConflictException',
  'TransactionInProgressException',
])
