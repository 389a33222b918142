import { Logger } from '@aws-lambda-powertools/logger'

const logger = new Logger({ serviceName: 'client-registration' })

/**
 * Of an error only these are logged: the SDK's errors carry items, whose digests are nobody's business,
 * and the whole of a request.
 */
function told(cause: unknown): object {
  if (!(cause instanceof Error)) return {}
  return {
    fault: { name: cause.name, message: cause.message, stack: cause.stack },
    ...(cause.cause instanceof Error && {
      caused_by: `${cause.cause.name}: ${cause.cause.message}`,
    }),
  }
}

/** The one place that writes to the log; never given a token, a secret or a request body. */
export const log = {
  request: (fields: object): void => logger.info('request', { ...fields }),
  fault: (message: string, cause: unknown): void => logger.error(message, { ...told(cause) }),
  warn: (message: string, cause: unknown): void => logger.warn(message, { ...told(cause) }),
}
