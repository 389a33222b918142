/** Where CloudWatch keeps this service's metrics, and what they are called: the Lambdas and the CDK app agree on it. */
export const metricNames = {
  namespace: 'ClientRegistration',
  service: 'client-registration',
  registrations: 'Registrations',
  /** By the dimension `code` too. */
  refusals: 'Refusals',
  faults: 'Faults',
  tokensIssued: 'InitialAccessTokensIssued',
  tokensConsumed: 'InitialAccessTokensConsumed',
  rotations: 'Rotations',
  rotationConflicts: 'RotationConflicts',
  dynamodbTime: 'DynamoDBTime',
} as const
