import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { maxAttempts, sdkTimeouts } from '../sdk-timeouts.ts'
import { trackAttempts } from './attempts.ts'
import { keepPlainObjects } from './plain-objects.ts'
import { checkRoundTrips, type RoundTrip, timeRequests } from './round-trips.ts'
import { signRequests } from './sign-requests.ts'

/**
 * Steps of the SDK that are run for each request and serve nobody here: its own log, the version of
 * the SDK for AWS's statistics, and the detection of recursive calls, which DynamoDB ignores.
 */
const unneededSteps = ['loggerMiddleware', 'getUserAgentMiddleware', 'recursionDetectionMiddleware']

/**
 * The document client that all stores share. `onRoundTrip` is called after each round trip. `check` is
 * called before each one, and prevents it by throwing.
 */
export function documentClient(
  overrides: DynamoDBClientConfig = {},
  onRoundTrip?: (roundTrip: RoundTrip) => void,
  check?: () => void,
): DynamoDBDocumentClient {
  const client = new DynamoDBClient({
    maxAttempts,
    retryMode: 'standard',
    requestHandler: sdkTimeouts,
    ...overrides,
  })
  for (const name of unneededSteps) client.middlewareStack.remove(name)
  signRequests(client)
  copyConfig(client)
  trackAttempts(client)
  if (check) checkRoundTrips(client, check)
  keepPlainObjects(client)
  if (onRoundTrip) timeRequests(client, onRoundTrip)
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } })
}

/**
 * The SDK copies its configuration three times for each request. V8 copies an object that was built
 * member by member many times slower than a copy of it, which one of the three then is.
 */
function copyConfig(client: DynamoDBClient): void {
  Object.assign(client, { config: { ...client.config } })
}
