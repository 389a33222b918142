export const maxAttempts = 3

/** Timeouts in milliseconds of one attempt of a request, for the SDK's `requestHandler`. */
const timeouts = (connectionTimeout: number, requestTimeout: number) => ({
  connectionTimeout,
  requestTimeout,
  throwOnRequestTimeout: true,
})

/** DynamoDB and Secrets Manager, for which a client waits. */
export const sdkTimeouts = {
  ...timeouts(400, 800),
  /** Limits a response that starts and then stalls. */
  socketTimeout: 800,
}

export const eventBridgeTimeouts = timeouts(1_000, 2_000)
export const sqsTimeouts = timeouts(1_000, 1_000)
