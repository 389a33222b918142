import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import { OAuthError } from '../errors.ts'
import { hasNoAnswer, mayHaveTakenEffect } from './attempts.ts'

/** A write whose condition did not hold: the item as it stands, and whether an earlier attempt may have taken effect. */
export type ConditionFailed = {
  readonly failed: true
  readonly standing: Readonly<Record<string, unknown>> | undefined
  readonly unsure: boolean
}

/** Sends a conditional write. A condition that fails is an outcome, not an error; else as `answered`. */
export async function conditionally<Output extends object>(
  send: () => Promise<Output>,
): Promise<Output | ConditionFailed> {
  try {
    return await answered(send)
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error
    const standing = error.Item && unmarshall(error.Item)
    return { failed: true, standing, unsure: mayHaveTakenEffect(error) }
  }
}

/** Whether a conditional write's output says that its condition failed. */
export const isConditionFailed = <Output extends object>(
  output: Output | ConditionFailed,
): output is ConditionFailed => 'failed' in output

/** Sends a request; what is worth trying again later is OAuthError `temporarily_unavailable`, the rest is left alone. */
export async function answered<Output>(send: () => Promise<Output>): Promise<Output> {
  try {
    return await send()
  } catch (cause) {
    const passes = cause instanceof Error && (passing.has(cause.name) || hasNoAnswer(cause))
    throw passes ? busy(cause) : cause
  }
}

/** The database is throttled, in conflict or silent: the request may work later. */
export const busy = (cause?: unknown) =>
  new OAuthError('temporarily_unavailable', 'the registry cannot answer now; try again', { cause })

const passing = new Set([
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'TransactionConflictException',
  'TransactionInProgressException',
])
