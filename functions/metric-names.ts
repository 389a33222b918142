/**
 * Namespace and names of this service's CloudWatch metrics. The Lambdas publish them, and the CDK
 * app uses them in the dashboard and the alarms.
 */
export const metricNames = {
  namespace: 'ClientRegistration',
  service: 'client-registration',
  registrations: 'Registrations',
  /** Also published with the dimension `code`. */
  rejections: 'Rejections',
  faults: 'Faults',
  tokensIssued: 'InitialAccessTokensIssued',
  tokensConsumed: 'InitialAccessTokensConsumed',
  pendingRegistrations: 'PendingRegistrations',
  approvedRegistrations: 'ApprovedRegistrations',
  rejectedRegistrations: 'RejectedRegistrations',
  rotations: 'Rotations',
  rotationConflicts: 'RotationConflicts',
  clientsRevived: 'ClientsRevived',
  /** Those that clean-up made stale, deleted, and would have if it did not only observe. */
  clientsMadeStale: 'ClientsMadeStale',
  clientsCleanedUp: 'ClientsCleanedUp',
  clientsDue: 'ClientsDue',
  /** 1 for a night before which no use was reported for two days. */
  useReportsMissing: 'UseReportsMissing',
  /** Clients that a night found different at another server, and those that it could not push. */
  clientDrift: 'ClientDrift',
  /** Percent of the app clients that a user pool of Cognito may have. */
  userPoolUsage: 'UserPoolUsage',
  dynamodbTime: 'DynamoDBTime',
  /**
   * Requests that API Gateway throttled. The Lambdas do not publish it: a metric filter on the
   * access log counts it, with the API's id as its dimension.
   */
  throttledRequests: 'ThrottledRequests',
} as const
