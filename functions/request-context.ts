import { AsyncLocalStorage } from 'node:async_hooks'
import type { RoundTrip } from '../lib/adapters/dynamodb/round-trips.ts'
import type { RequestLogFields } from '../lib/ports/request-log-fields.ts'

/** The state of one request, collected while it is processed. */
export type RequestContext = {
  readonly request_id: string
  /** Whether this is the first request of this Lambda instance. */
  readonly coldStart: boolean
  /** `performance.now()` at the start of the request, in milliseconds. */
  readonly startedAt: number
  /** The operation's name in logs and metrics. */
  operation: string
  /** Whether the response, or a timeout error, has been returned to the client. */
  isAnswered: boolean
  annotations: RequestLogFields
  /** Total number and duration of the requests to DynamoDB. Concurrent requests are summed. */
  dynamodb: { readonly roundTrips: number; readonly milliseconds: number }
}

const contexts = new AsyncLocalStorage<RequestContext>()
let coldStart = true

/** Processes a request in its own context, which concurrent requests do not share. */
export function withRequestContext<Answer>(request_id: string, answer: () => Answer): Answer {
  const context: RequestContext = {
    request_id,
    coldStart,
    startedAt: performance.now(),
    operation: 'unknown',
    isAnswered: false,
    annotations: {},
    dynamodb: { roundTrips: 0, milliseconds: 0 },
  }
  coldStart = false
  return contexts.run(context, answer)
}

/** The context of the current request; undefined during instance start-up. */
export const currentRequest = (): RequestContext | undefined => contexts.getStore()

/** Adds log fields to the current request. Implements the port through which operations do so. */
export function annotate(annotations: RequestLogFields): void {
  const context = currentRequest()
  if (context) context.annotations = { ...context.annotations, ...annotations }
}

/** Names the operation of the current request in logs and metrics. */
export function nameOperation(name: string): void {
  const context = currentRequest()
  if (context) context.operation = name
}

/** Marks the current request as answered. */
export function noteAnswered(): void {
  const context = currentRequest()
  if (context) context.isAnswered = true
}

/**
 * Throws an Error if the response has been returned. Lambda freezes the instance after a response
 * and resumes pending work during a later request. Such work must not consume a token: its
 * timestamp is out of date.
 */
export function checkUnanswered(): void {
  if (currentRequest()?.isAnswered) throw new Error('the request has been answered already')
}

/** Adds one request to DynamoDB to the totals of the current request. */
export function countRoundTrip({ milliseconds }: RoundTrip): void {
  const context = currentRequest()
  if (context === undefined) return
  const { dynamodb } = context
  context.dynamodb = {
    roundTrips: dynamodb.roundTrips + 1,
    milliseconds: dynamodb.milliseconds + milliseconds,
  }
}
