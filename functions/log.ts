import { Logger } from '@aws-lambda-powertools/logger'
import { originalPositions } from './original-positions.ts'
import { currentRequest } from './request-context.ts'

const logger = new Logger({ serviceName: 'client-registration' })

const levels = ['DEBUG', 'INFO', 'WARN', 'ERROR']
const minLevel = levels.indexOf(process.env.POWERTOOLS_LOG_LEVEL ?? 'INFO')

/**
 * Whether entries of this level are logged. The logger alone cannot decide: it follows the log
 * level of the Lambda function, which is never above INFO.
 */
const isLogged = (level: string): boolean => levels.indexOf(level) >= minLevel

/**
 * Whether a word may contain a token, a secret (at least 32 characters) or a digest. No identifier
 * in our own code matches.
 */
const looksLikeSecret = (word: string): boolean =>
  /[ri]at_\S{20}|\bey\S{20}/.test(word) || (word.length >= 24 && /[^A-Za-z_./:-]/.test(word))

/** Maximum number of characters of a text that are examined. */
const maxExamined = 10_000

/**
 * Sanitizes a message that may contain client input: replaces words that look like a secret and
 * characters that are not printable ASCII, and truncates to `maxLength` characters.
 */
export const redact = (text: string, maxLength = 300): string =>
  text
    .slice(0, maxExamined)
    .replace(/\S{20,}/g, (word) => (looksLikeSecret(word) ? '[redacted]' : word))
    .replace(/[^\x20-\x7E\n]/g, '?')
    .slice(0, maxLength)

/**
 * Maps an error to the only fields of it that are logged. Errors of the AWS SDK also carry the
 * whole request and the current item with its token digests, which must not be logged.
 */
function serializeError(cause: unknown): object {
  if (!(cause instanceof Error)) return {}
  const { cause: deeper } = cause
  return {
    fault: { name: cause.name, message: describeMessage(cause), stack: describeStack(cause) },
    ...(deeper instanceof Error && { caused_by: `${deeper.name}: ${describeMessage(deeper)}` }),
  }
}

/** The message of a parser's error would repeat its input. */
const describeMessage = (error: Error): string =>
  error instanceof SyntaxError ? 'invalid JSON' : redact(error.message)

/** The stack frames only. The message is removed, because it is redacted and logged separately. */
const describeStack = ({ message, stack = '' }: Error): string =>
  originalPositions(stack.replace(message, ''))
    .split('\n')
    .filter((line) => /^ +at .*:\d+:\d+\)?$/.test(line))
    .map((line) => line.trim())
    .join('\n')
    .slice(0, 4000)

const request = () => ({ request_id: currentRequest()?.request_id })

/**
 * The only module that writes to the log. Callers must not pass a token, a secret or a request
 * body.
 */
export const log = {
  request(level: 'info' | 'error', fields: object): void {
    if (isLogged(level.toUpperCase())) logger[level]('request', { ...fields })
  },
  info(message: string, fields: object): void {
    if (isLogged('INFO')) logger.info(message, { ...request(), ...fields })
  },
  fault: (message: string, cause: unknown, fields: object = {}): void =>
    logger.error(message, { ...request(), ...fields, ...serializeError(cause) }),
  warn(message: string, cause: unknown): void {
    if (isLogged('WARN')) logger.warn(message, { ...request(), ...serializeError(cause) })
  },
  debug: (message: string, fields: object): void =>
    logger.debug(message, { ...request(), ...fields }),
}
