import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import { OAuthError } from '../../errors.ts'
import { isAmbiguousError, mayHaveTakenEffect } from './attempts.ts'

/** A write whose condition did not hold: the item as it stands, and whether an earlier attempt may have taken effect. */
export type ConditionFailed = {
  readonly failed: true
  readonly currentItem: Readonly<Record<string, unknown>> | undefined
  readonly ambiguous: boolean
}

/** Sends a conditional write. A condition that fails is an outcome, not an error; else as `send`. */
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

/** Whether a conditional write's output says that its condition failed. */
export const isConditionFailed = <Output extends object>(
  output: Output | ConditionFailed,
): output is ConditionFailed => 'failed' in output

/** Sends a request; what is worth trying again later is OAuthError `temporarily_unavailable`, the rest is left alone. */
export async function send<Output>(request: () => Promise<Output>): Promise<Output> {
  try {
    return await request()
  } catch (cause) {
    const isTransient =
      cause instanceof Error && (transientErrors.has(cause.name) || isAmbiguousError(cause))
    throw isTransient ? unavailable(cause) : cause
  }
}

/** The database is throttled, in conflict or silent: the request may work later. */
export const unavailable = (cause?: unknown) =>
  new OAuthError('temporarily_unavailable', 'the service is temporarily unavailable; retry later', {
    cause,
  })

const transientErrors = new Set([
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'TransactionConflictException',
  'TransactionInProgressException',
])
