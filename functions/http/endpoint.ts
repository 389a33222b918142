import middy from '@middy/core'
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda'
import type { Server, ServerConfig } from '../../lib/server.ts'
import { withRequestContext } from '../request-context.ts'
import { withinDeadline } from './deadline.ts'
import { errorHandler } from './error-handler.ts'
import { logRequest } from './log-request.ts'
import { type HttpResponse, withBrowserSecurity } from './response.ts'

/** The part of a handler that tests call directly: maps an event and the server to a response. */
export type Respond<For = Server> = (
  event: APIGatewayProxyEventV2,
  server: For,
) => Promise<HttpResponse>

/** Creates a Lambda handler: wraps `respond` in the pipeline that all endpoints share. */
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
