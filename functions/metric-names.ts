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
  /** Not the Lambdas' own: what API Gateway turned away, counted in its access log by the API's id. */
  throttledRequests: 'ThrottledRequests',
} as const
