import middy from '@middy/core'
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda'
import type { Server, ServerConfig } from '../../lib/server.ts'
import { withRequestContext } from '../request-context.ts'
import { withinDeadline } from './deadline.ts'
import { errorHandler } from './error-handler.ts'
import { logRequest } from './log-request.ts'
import { type HttpResponse, withBrowserSecurity } from './response.ts'

/** The testable half of a handler: an event and the server in, an answer out. */
export type Respond<For = Server> = (
  event: APIGatewayProxyEventV2,
  server: For,
) => Promise<HttpResponse>

/** What Lambda calls: the pipeline that every endpoint shares, around what is its own. */
export function endpoint<For extends ServerConfig>(server: For, respond: Respond<For>) {
  const pipeline = middy<APIGatewayProxyEventV2, HttpResponse, Error, Context>()
    .use(logRequest(server))
    .use(errorHandler())
    .handler((event) => withinDeadline(respond(event, server)))
  return (event: APIGatewayProxyEventV2, context: Context) =>
    withRequestContext(event.requestContext.requestId, async () =>
      withBrowserSecurity(await pipeline(event, context)),
    )
}
