import { currentRequest, type OperationName } from '../request-context.ts'
import type { Respond } from './endpoint.ts'

/** Names an operation, for the request's line in the log. */
export const operation =
  <For>(name: OperationName, respond: Respond<For>): Respond<For> =>
  (event, server) => {
    const context = currentRequest()
    if (context) context.operation = name
    return respond(event, server)
  }
