/** How long one attempt of a request to DynamoDB or Secrets Manager may take, in milliseconds, for the SDK's `requestHandler`. */
export const sdkTimeouts = {
  connectionTimeout: 400,
  requestTimeout: 800,
  throwOnRequestTimeout: true,
  /** An answer that begins and then falls silent. */
  socketTimeout: 800,
} as const

export const maxAttempts = 3
