import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { noteAttempts } from './attempts.ts'
import { keepPlainObjects } from './plain-objects.ts'
import { type RoundTrip, tellRoundTrips } from './round-trips.ts'

/**
 * The document client that the stores share: a lost answer is given up after two seconds and asked for again,
 * four attempts at most, so that a request ends inside the ten seconds that clients wait. `tell` hears of each round trip.
 */
export function documentClient(
  overrides: DynamoDBClientConfig = {},
  tell?: (roundTrip: RoundTrip) => void,
): DynamoDBDocumentClient {
  const client = new DynamoDBClient({
    maxAttempts: 4,
    retryMode: 'standard',
    requestHandler: {
      connectionTimeout: 1_000,
      requestTimeout: 2_000,
      throwOnRequestTimeout: true,
    },
    ...overrides,
  })
  noteAttempts(client)
  keepPlainObjects(client)
  if (tell) tellRoundTrips(client, tell)
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } })
}
