import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'

/** One request to DynamoDB and its answer; what the SDK tries again is another. */
export type RoundTrip = {
  /** Such as GetItemCommand. */
  readonly command: string
  readonly milliseconds: number
  /** Name of the error that it ended with. */
  readonly error?: string
}

/** Asks before each round trip, inside the SDK's retries: where `check` throws, it does not begin. */
export function checkRoundTrips({ middlewareStack }: DynamoDBClient, check: () => void): void {
  middlewareStack.add(
    (next) => (args) => {
      check()
      return next(args)
    },
    { step: 'finalizeRequest', priority: 'low', name: 'checkRoundTrips' },
  )
}

/** Tells of each round trip, inside the SDK's retries. */
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
    { step: 'finalizeRequest', priority: 'low', name: 'tellRoundTrips' },
  )
}
