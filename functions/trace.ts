import { AsyncLocalStorage } from 'node:async_hooks'
import type { RoundTrip } from '../lib/dynamodb/round-trips.ts'
import type { Notes } from '../lib/notes.ts'

/** What becomes known of a request while it is answered. */
export type Trace = {
  readonly request_id: string
  /** Whether this is the first request that this instance answers. */
  readonly coldStart: boolean
  /** `performance.now()` at its beginning. */
  readonly startedAt: number
  operation: OperationName
  /** Whether its client is given an answer, be it that it takes too long. */
  isAnswered: boolean
  notes: Notes
  /** All of its requests to DynamoDB; those that run side by side count each. */
  dynamodb: { readonly roundTrips: number; readonly milliseconds: number }
}

/** What a request can be, as logs and metrics call it. */
export type OperationName =
  | 'register'
  | 'read'
  | 'update'
  | 'delete'
  | 'issue'
  | 'list'
  | 'revoke'
  | 'list_clients'
  | 'show'
  | 'change'
  | 'discard'
  | 'reissue'
  | 'discovery'
  | 'page'
  | 'options'
  | 'unknown'

const traces = new AsyncLocalStorage<Trace>()
let coldStart = true

/** Answers a request under a trace of its own, however many are answered at once. */
export function traced<Answer>(request_id: string, answer: () => Answer): Answer {
  const trace: Trace = {
    request_id,
    coldStart,
    startedAt: performance.now(),
    operation: 'unknown',
    isAnswered: false,
    notes: {},
    dynamodb: { roundTrips: 0, milliseconds: 0 },
  }
  coldStart = false
  return traces.run(trace, answer)
}

/** The trace of the request that is being answered; undefined while an instance starts. */
export const currentTrace = (): Trace | undefined => traces.getStore()

/** The port by which operations note what they know. */
export function note(notes: Notes): void {
  const trace = currentTrace()
  if (trace) trace.notes = { ...trace.notes, ...notes }
}

/** Notes that the request has its answer. */
export function noteAnswered(): void {
  const trace = currentTrace()
  if (trace) trace.isAnswered = true
}

/**
 * Throws where the request has its answer. Lambda halts what goes on behind an answer, and lets it go on with a later
 * request: a token must not be consumed then, by a clock that has stood still.
 */
export function checkUnanswered(): void {
  if (currentTrace()?.isAnswered) throw new Error('the request has been answered already')
}

/** Counts a request to DynamoDB. */
export function countRoundTrip({ milliseconds }: RoundTrip): void {
  const trace = currentTrace()
  if (trace === undefined) return
  const { dynamodb } = trace
  trace.dynamodb = {
    roundTrips: dynamodb.roundTrips + 1,
    milliseconds: dynamodb.milliseconds + milliseconds,
  }
}
