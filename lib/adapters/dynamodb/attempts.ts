import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'

/** Refusals of requests that the SDK tried again after an attempt without a definite answer. */
const ambiguous = new WeakSet<object>()

/** Whether an earlier attempt of the request that ended with this error may have taken effect. */
export const mayHaveTakenEffect = (error: object): boolean => ambiguous.has(error)

/** Notes, inside the SDK's retries, whether one attempt of a request ended without a definite answer. */
export function trackAttempts({ middlewareStack }: DynamoDBClient): void {
  const ambiguousContexts = new WeakSet<object>()
  middlewareStack.add(
    (next, context) => async (args) => {
      try {
        return await next(args)
      } catch (error) {
        if (isAmbiguousError(error)) ambiguousContexts.add(context)
        else if (error instanceof Error && ambiguousContexts.has(context)) ambiguous.add(error)
        throw error
      }
    },
    { step: 'finalizeRequest', priority: 'low', name: 'noteAttempts' },
  )
}

/** Whether an attempt ended without a definite answer: a lost connection, a timeout, a fault of the service. */
export function isAmbiguousError(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const status = '$metadata' in error ? statusOf(error.$metadata) : undefined
  return status === undefined ? 'code' in error || error.name === 'TimeoutError' : status >= 500
}

function statusOf(metadata: unknown): number | undefined {
  const known = typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
  return known && typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined
}
