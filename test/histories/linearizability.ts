/** A call in a history. Times are positions in the history. */
export type Interval = {
  readonly begin: number
  /** Infinity where nobody learned when. */
  readonly end: number
  /** Whether it may also never have taken effect. */
  readonly isOptional: boolean
}

/** What a service may do, one call at a time. A state is a JSON value. */
export type Model<State, Call> = {
  readonly initial: State
  /** The states in which this call may leave the service; none where its response is impossible. */
  step(state: State, call: Call): readonly State[]
}

export type Linearization<Call> = {
  readonly isLinearizable: boolean
  /** An order of the calls in which each response is possible; the longest that was found, if none has all. */
  readonly order: readonly Call[]
}

/**
 * Whether the calls could have happened one at a time, each between its beginning and its end
 * (Herlihy and Wing). The search is Wing and Gong's with Lowe's memory of what was tried.
 */
export function linearize<State, Call extends Interval>(
  calls: readonly Call[],
  { initial, step }: Model<State, Call>,
): Linearization<Call> {
  const tried = new Set<string>()
  let longest: readonly Call[] = []

  function search(rest: readonly Call[], state: State, order: readonly Call[]): boolean {
    if (order.length > longest.length) longest = order
    if (rest.every(({ isOptional }) => isOptional)) return true
    const key = `${rest.map((call) => calls.indexOf(call))} ${JSON.stringify(state)}`
    if (tried.has(key)) return false
    tried.add(key)
    // A call that begins after another has ended cannot precede it.
    const firstEnd = Math.min(...rest.filter(({ isOptional }) => !isOptional).map(({ end }) => end))
    return rest
      .filter(({ begin }) => begin < firstEnd)
      .some((call) => {
        // An optional call that ended before this one begins did not take effect.
        const others = rest.filter((other) => other !== call && other.end > call.begin)
        return step(state, call).some((next) => search(others, next, [...order, call]))
      })
  }

  const isLinearizable = search(calls, initial, [])
  return { isLinearizable, order: longest }
}
