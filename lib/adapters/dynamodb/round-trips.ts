import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'

/** One request to DynamoDB and its response. Each retry by the SDK is a separate round trip. */
export type RoundTrip = {
  /** The SDK's command name, such as GetItemCommand. */
  readonly command: string
  readonly milliseconds: number
  /** Name of the error, if the round trip failed. */
  readonly error?: string
}

/**
 * Calls `check` before each round trip, inside the SDK's retry loop. If `check` throws, no request
 * is sent.
 */
export function checkRoundTrips({ middlewareStack }: DynamoDBClient, check: () => void): void {
  middlewareStack.add(
    (next) => (args) => {
      check()
      return next(args)
    },
    { step: 'finalizeRequest', priority: 'low', name: 'checkRoundTrips' },
  )
}

/** Reports the duration of each round trip, inside the SDK's retry loop. */
export function timeRequests(
  { middlewareStack }: DynamoDBClient,
  onRoundTrip: (roundTrip: RoundTrip) => void,
): void {
  middlewareStack.add(
    (next, { commandName: command = '' }) =>
      async (args) => {
        const begin = performance.now()
        const milliseconds = () => performance.now() - begin
        try {
          const answer = await next(args)
          onRoundTrip({ command, milliseconds: milliseconds() })
          return answer
        } catch (error) {
          const name = error instanceof Error ? error.name : 'unknown'
          onRoundTrip({ command, milliseconds: milliseconds(), error: name })
          throw error
        }
      },
    { step: 'finalizeRequest', priority: 'low', name: 'observeRoundTrips' },
  )
}
