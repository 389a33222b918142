import type { composeServer } from '../support/compose.ts'
import type { Interval } from './linearizability.ts'
import type { Outcome } from './operation.ts'

/** A call as it happened. */
export type Call = Interval & {
  readonly caller: number
  readonly id: string
  readonly operation: string
  readonly given: unknown
  readonly now: number
  readonly outcome: Outcome
  /** The requests to DynamoDB, each with its fault. */
  readonly requests: readonly string[]
  readonly ambiguous: boolean
  /** The attribute that remembers the consumption of an initial access token (decision 0002). */
  readonly marker: string | undefined
}

export type History = {
  readonly calls: readonly Call[]
  readonly server: ReturnType<typeof composeServer>
}
