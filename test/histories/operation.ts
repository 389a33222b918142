import type { Settings } from '../../lib/settings/schema.ts'
import type { composeServer } from '../support/compose.ts'
import type { Known, Step } from './known.ts'
import type { State } from './state.ts'

/** The values of a response that the model knows. */
export type Response = Readonly<Record<string, string | number | boolean | undefined>>

export type Outcome =
  | { readonly is: 'ok'; readonly response: Response }
  | { readonly is: 'rejected'; readonly code: string }
  /** The response was 503: the call may have taken effect, or may not. */
  | { readonly is: 'unknown' }

/** One of the things that a call may do, and the response that says so. */
export type Effect = { readonly next: State } & (
  | { readonly response: Response }
  | { readonly rejected: string }
)

/** What a call knows in addition to its arguments. */
export type CallContext = {
  /** Names what the call creates. */
  readonly id: string
  /** Unix seconds at which the request arrived. */
  readonly now: number
  readonly settings: Settings
  /** Whether an attempt of a request to DynamoDB was lost, so that the call cannot know its effect. */
  readonly ambiguous: boolean
  /** Whether another call overwrote the marker of this one's consumption (decision 0002). */
  readonly markerOverwritten: boolean
  /** Whether another call was under way at the same time. */
  readonly disturbed: boolean
}

/** A later write of a call, at a time of its own: the states that it may leave. */
export type Part = (state: State, context: CallContext) => readonly State[]

/** An operation of the service: how to call it, and what the model lets it do. */
export type Operation<Arguments> = {
  readonly name: string
  /** Whether a retry after a lost response may carry it out again (decision 0004). */
  mayRepeat?(given: Arguments): boolean
  /** Chooses among the credentials that callers know; undefined where there are none. */
  choose(step: Step, known: Known): Arguments | undefined
  call(
    given: Arguments,
    context: Pick<CallContext, 'id' | 'now'>,
    server: ReturnType<typeof composeServer>,
    known: Known,
  ): Promise<Response>
  effects(state: State, given: Arguments, context: CallContext): readonly Effect[]
  /** The key of the client that a call with this id may create. */
  creates?(given: Arguments, id: string): string
  /** What a call does in addition, between its beginning and its end; `clients` may exist. */
  parts?(given: Arguments, clients: readonly string[]): readonly Part[]
}

/** Keeps the type of the arguments between the methods of one operation. */
export const defineOperation = <Arguments>(operation: Operation<Arguments>) => operation

/** The value of something that the service generates in this call. */
export const generated = ({ id }: Pick<CallContext, 'id'>): string => `?${id}`
