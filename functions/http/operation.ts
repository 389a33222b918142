import { currentTrace, type OperationName } from '../trace.ts'
import type { Respond } from './endpoint.ts'

/** Names an operation, for the request's line in the log. */
export const operation =
  <For>(name: OperationName, respond: Respond<For>): Respond<For> =>
  (event, server) => {
    const trace = currentTrace()
    if (trace) trace.operation = name
    return respond(event, server)
  }
