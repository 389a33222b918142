/**
 * Timeouts in milliseconds of one attempt of a request to DynamoDB or Secrets Manager, for the
 * SDK's `requestHandler`.
 */
export const sdkTimeouts = {
  connectionTimeout: 400,
  requestTimeout: 800,
  throwOnRequestTimeout: true,
  /** Limits a response that starts and then stalls. */
  socketTimeout: 800,
} as const

export const maxAttempts = 3
