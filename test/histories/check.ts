import type { Call, History } from './call.ts'
import { type Linearization, linearize } from './linearizability.ts'
import type { CallContext, Effect, Part, Response } from './operation.ts'
import { operationOf } from './operations/table.ts'
import { emptyState, type State } from './state.ts'

/** A call, or a later write of it. */
type Event = Call & { readonly part?: Part }

/** Whether the service could have done what the history shows, one call at a time. */
export function checkHistory({ calls, server: { settings } }: History): Linearization<Call> {
  const clients = calls.flatMap(
    ({ operation, given, id }) => operationOf(operation).creates?.(given, id) ?? [],
  )
  const contexts = new Map(calls.map((call) => [call.id, contextOf(call, calls, settings)]))
  const step = (state: State, call: Event): readonly State[] => {
    const context = contexts.get(call.id)
    if (context === undefined) throw new Error(`there is no call ${call.id}`)
    if (call.part) return call.part(state, context)
    return operationOf(call.operation)
      .effects(state, call.given, context)
      .flatMap((effect) => accept(effect, call))
  }
  const parts = (call: Call): readonly Event[] =>
    (operationOf(call.operation).parts?.(call.given, [...new Set(clients)]) ?? []).map((part) => ({
      ...call,
      part,
    }))
  const events = calls.flatMap((call) => [...earlierAttempts(call), call, ...parts(call)])
  return linearize<State, Event>(events, { initial: emptyState, step })
}

const contextOf = (
  call: Call,
  calls: readonly Call[],
  settings: CallContext['settings'],
): CallContext => ({
  ...call,
  settings,
  markerOverwritten: isOverwritten(call, calls),
  disturbed: calls.some(
    (other) => other !== call && other.begin < call.end && other.end > call.begin,
  ),
})

/** The attempts of a call that took effect before the last one, where the service allows that. */
function earlierAttempts(call: Call): readonly Call[] {
  if (!operationOf(call.operation).mayRepeat?.(call.given)) return []
  const attempt: Call = { ...call, isOptional: true, outcome: { is: 'unknown' } }
  return call.requests.filter(isLate).map(() => ({ ...attempt }))
}

const isLate = (request: string): boolean => /response lost|failing after it/.test(request)

/** Whether another call used the same marker. */
const isOverwritten = ({ id, marker, ambiguous }: Call, calls: readonly Call[]): boolean =>
  ambiguous &&
  marker !== undefined &&
  calls.some((other) => other.id !== id && other.marker === marker)

/** The state after this effect if the outcome of the call is possible then. */
function accept(effect: Effect, { outcome }: Call): readonly State[] {
  if (outcome.is === 'unknown') return [effect.next]
  if ('rejected' in effect)
    return outcome.is === 'rejected' && outcome.code === effect.rejected ? [effect.next] : []
  return outcome.is === 'ok' ? unify(effect.next, effect.response, outcome.response) : []
}

/** Gives the values that no response had shown yet the values of this response. */
function unify(state: State, expected: Response, observed: Response): readonly State[] {
  let text = JSON.stringify(state)
  for (const [name, value] of Object.entries(expected)) {
    const shown = observed[name]
    if (value === shown) continue
    if (typeof value !== 'string' || !value.startsWith('?') || typeof shown !== 'string') return []
    // What was generated is new.
    if (text.includes(JSON.stringify(shown))) return []
    text = text.replaceAll(JSON.stringify(value), JSON.stringify(shown))
  }
  return [JSON.parse(text)]
}
