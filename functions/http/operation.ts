import { currentRequest, type OperationName } from '../request-context.ts'
import type { Respond } from './endpoint.ts'

/** Sets the operation's name in the request context, for logs and metrics. */
export const operation =
  <For>(name: OperationName, respond: Respond<For>): Respond<For> =>
  (event, server) => {
    const context = currentRequest()
    if (context) context.operation = name
    return respond(event, server)
  }
