import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'

/** Errors of requests that the SDK retried after an attempt with an ambiguous outcome. */
const ambiguous = new WeakSet<object>()

/** Whether an earlier attempt of the request that ended with this error may have taken effect. */
export const mayHaveTakenEffect = (error: object): boolean => ambiguous.has(error)

/**
 * Records, inside the SDK's retry loop, whether an attempt of a request had an ambiguous outcome.
 */
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

/** Whether the outcome of an attempt is unknown: a lost connection, a timeout or a 5xx response. */
export function isAmbiguousError(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const status = '$metadata' in error ? statusOf(error.$metadata) : undefined
  return status === undefined ? 'code' in error || error.name === 'TimeoutError' : status >= 500
}

function statusOf(metadata: unknown): number | undefined {
  const known = typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
  return known && typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined
}
