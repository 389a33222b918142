import { AsyncLocalStorage } from 'node:async_hooks'
import type { RoundTrip } from '../lib/adapters/dynamodb/round-trips.ts'
import type { RequestLogFields } from '../lib/ports/request-log-fields.ts'

/** What becomes known of a request while it is answered. */
export type RequestContext = {
  readonly request_id: string
  /** Whether this is the first request that this instance answers. */
  readonly coldStart: boolean
  /** `performance.now()` at its beginning. */
  readonly startedAt: number
  operation: OperationName
  /** Whether its client is given an answer, be it that it takes too long. */
  isAnswered: boolean
  annotations: RequestLogFields
  /** All of its requests to DynamoDB; those that run side by side count each. */
  dynamodb: { readonly roundTrips: number; readonly milliseconds: number }
}

/** What a request can be, as logs and metrics call it. */
export type OperationName =
  | 'register'
  | 'read'
  | 'update'
  | 'delete'
  | 'initial_access_token.create'
  | 'initial_access_token.list'
  | 'initial_access_token.revoke'
  | 'client.list'
  | 'client.get'
  | 'client.update'
  | 'client.delete'
  | 'registration_access_token.reissue'
  | 'discovery'
  | 'console'
  | 'options'
  | 'unknown'

const contexts = new AsyncLocalStorage<RequestContext>()
let coldStart = true

/** Answers a request under a trace of its own, however many are answered at once. */
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

/** The trace of the request that is being answered; undefined while an instance starts. */
export const currentRequest = (): RequestContext | undefined => contexts.getStore()

/** The port by which operations note what they know. */
export function annotate(annotations: RequestLogFields): void {
  const context = currentRequest()
  if (context) context.annotations = { ...context.annotations, ...annotations }
}

/** Notes that the request has its answer. */
export function noteAnswered(): void {
  const context = currentRequest()
  if (context) context.isAnswered = true
}

/**
 * Throws where the request has its answer. Lambda halts what goes on behind an answer, and lets it go on with a later
 * request: a token must not be consumed then, by a clock that has stood still.
 */
export function checkUnanswered(): void {
  if (currentRequest()?.isAnswered) throw new Error('the request has been answered already')
}

/** Counts a request to DynamoDB. */
export function countRoundTrip({ milliseconds }: RoundTrip): void {
  const context = currentRequest()
  if (context === undefined) return
  const { dynamodb } = context
  context.dynamodb = {
    roundTrips: dynamodb.roundTrips + 1,
    milliseconds: dynamodb.milliseconds + milliseconds,
  }
}
