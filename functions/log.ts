import { metricNames } from './metric-names.ts'
import { originalPositions } from './original-positions.ts'
import { currentRequest } from './request-context.ts'

/** In ascending order; metrics are no level of a line. */
const levels = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'METRICS', 'SILENT'] as const
type Level = (typeof levels)[number]

/**
 * The minimum level. Lambda's own filter cannot apply it: metrics that are written alone have no
 * level, Lambda takes them for INFO, and they must not be lost.
 */
const minLevel = levels.indexOf(levels.find((level) => level === process.env.LOG_LEVEL) ?? 'INFO')

const isLogged = (level: Level): boolean => levels.indexOf(level) >= minLevel

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

/** The trace ID of this invocation, of `Root=1-…;Parent=…;Sampled=1`. */
const traceId = () => process.env._X_AMZN_TRACE_ID?.match(/Root=([^;]+)/)?.[1]

/** Writes one line as JSON, without the console, which Lambda would make write it inside another. */
const writeLine = (fields: object) => process.stdout.write(`${JSON.stringify(fields)}\n`)

function write(level: Level, message: string, fields: object): void {
  if (!isLogged(level)) return
  const timestamp = new Date().toISOString()
  const { service } = metricNames
  writeLine({ level, message, timestamp, service, xray_trace_id: traceId(), ...fields })
}

/**
 * The only module that writes to the log. Callers must not pass a token, a secret or a request
 * body.
 */
export const log = {
  /** Writes the line of a request, which contains its metrics. */
  request(level: 'INFO' | 'ERROR', fields: object, metrics?: object): void {
    if (isLogged(level)) write(level, 'request', { ...fields, ...metrics })
    else if (metrics !== undefined) log.metrics(metrics)
  },
  info: (message: string, fields: object): void =>
    write('INFO', message, { ...request(), ...fields }),
  fault: (message: string, cause: unknown, fields: object = {}): void =>
    write('ERROR', message, { ...request(), ...fields, ...serializeError(cause) }),
  warn: (message: string, cause: unknown): void =>
    write('WARN', message, { ...request(), ...serializeError(cause) }),
  debug: (message: string, fields: object): void =>
    write('DEBUG', message, { ...request(), ...fields }),
  /** Writes metrics alone; every level but `SILENT` has them. */
  metrics(metrics: object): void {
    if (isLogged('METRICS')) writeLine(metrics)
  },
}
