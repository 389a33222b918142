import { Logger } from '@aws-lambda-powertools/logger'
import { originalPositions } from './original-positions.ts'
import { currentRequest } from './request-context.ts'

const logger = new Logger({ serviceName: 'client-registration' })

const levels = ['DEBUG', 'INFO', 'WARN', 'ERROR']
const minLevel = levels.indexOf(process.env.POWERTOOLS_LOG_LEVEL ?? 'INFO')

/** Whether lines of this level are written: the logger itself heeds Lambda's own level, which is never above INFO. */
const isLogged = (level: string): boolean => levels.indexOf(level) >= minLevel

/** A word in which there could be a token, a secret (32 characters at least) or a digest: no name of ours is like it. */
const looksLikeSecret = (word: string): boolean =>
  /[ri]at_\S{20}|\bey\S{20}/.test(word) || (word.length >= 24 && /[^A-Za-z_./:-]/.test(word))

/** Characters that are looked at of a text. */
const maxExamined = 10_000

/** Text of ours into which something sent may have slipped: printable, short, nothing in it that opens a door. */
export const redact = (text: string, maxLength = 300): string =>
  text
    .slice(0, maxExamined)
    .replace(/\S{20,}/g, (word) => (looksLikeSecret(word) ? '[redacted]' : word))
    .replace(/[^\x20-\x7E\n]/g, '?')
    .slice(0, maxLength)

/**
 * Of an error only these are logged: the SDK's errors carry items, whose digests are nobody's business, and the whole
 * of a request. A parser's message repeats what it read.
 */
function serializeError(cause: unknown): object {
  if (!(cause instanceof Error)) return {}
  const { cause: deeper } = cause
  return {
    fault: { name: cause.name, message: describeMessage(cause), stack: describeStack(cause) },
    ...(deeper instanceof Error && { caused_by: `${deeper.name}: ${describeMessage(deeper)}` }),
  }
}

const describeMessage = (error: Error): string =>
  error instanceof SyntaxError ? 'invalid JSON' : redact(error.message)

/** Where it happened, line by line; the message, whatever it looks like, stands apart. */
const describeStack = ({ message, stack = '' }: Error): string =>
  originalPositions(stack.replace(message, ''))
    .split('\n')
    .filter((line) => /^ +at .*:\d+:\d+\)?$/.test(line))
    .map((line) => line.trim())
    .join('\n')
    .slice(0, 4000)

const request = () => ({ request_id: currentRequest()?.request_id })

/** The one place that writes to the log; never given a token, a secret or a request body. */
export const log = {
  request(level: 'info' | 'error', fields: object): void {
    if (isLogged(level.toUpperCase())) logger[level]('request', { ...fields })
  },
  fault: (message: string, cause: unknown, fields: object = {}): void =>
    logger.error(message, { ...request(), ...fields, ...serializeError(cause) }),
  warn(message: string, cause: unknown): void {
    if (isLogged('WARN')) logger.warn(message, { ...request(), ...serializeError(cause) })
  },
  debug: (message: string, fields: object): void =>
    logger.debug(message, { ...request(), ...fields }),
}
