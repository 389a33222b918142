import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { type Cors, corsHeaders, isPreflight, preflightAnswer } from './cors.ts'
import { gatewayAnswer, type HttpAnswer, httpAnswer } from './http-answer.ts'
import { httpEvent, requestTarget } from './http-event.ts'
import { matchRoute, type RouteKey } from './http-routes.ts'
import { readBody } from './request-body.ts'

/**
 * Invokes the Lambda behind a route. Rejects when it fails, with IntegrationTimeout when it exceeds
 * the limit.
 */
export type Integration = (event: APIGatewayProxyEventV2) => Promise<unknown>

export type HttpApiOptions = {
  readonly port: number
  /** Requests that arrive before this resolves wait for it. */
  readonly routes: ReadonlyMap<RouteKey, Integration> | Promise<ReadonlyMap<RouteKey, Integration>>
  readonly cors?: Promise<Cors | undefined>
  readonly apiId: string
  readonly accountId: string
  /** The clock of the API, in milliseconds since 1970; by default the real one. */
  readonly clock?: (() => number) | undefined
}

/** The integration exceeded API Gateway's time limit. */
export class IntegrationTimeout extends Error {}

const headerLimit = 10_240
const bodyLimit = 10 * 1024 * 1024

/** Emulates an HTTP API (API Gateway, payload format 2.0) on loopback. */
export async function serveHttpApi(options: HttpApiOptions) {
  // Node's limit must be higher, so that the error response is the one of API Gateway.
  const server = createServer({ maxHeaderSize: 4 * headerLimit }, async (request, response) => {
    const requestId = randomBytes(11).toString('base64')
    const answer = await answerTo(request, requestId, options).catch((error: unknown) =>
      error instanceof IntegrationTimeout
        ? gatewayAnswer(503, 'Service Unavailable')
        : gatewayAnswer(500, 'Internal Server Error'),
    )
    send(response, answer, requestId)
  })
  server.on('clientError', reject)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

async function answerTo(
  request: IncomingMessage,
  requestId: string,
  options: HttpApiOptions,
): Promise<HttpAnswer> {
  if (headerSize(request) > headerLimit)
    return gatewayAnswer(431, 'Request Header Fields Too Large')
  const { apiId, accountId, clock = Date.now } = options
  const routes = await options.routes
  const cors = await options.cors
  const { path } = requestTarget(request.url ?? '/')
  const match = matchRoute([...routes.keys()], request.method ?? 'GET', path)
  const integration = match && routes.get(match.routeKey)
  if (match === undefined || integration === undefined)
    // Routes take precedence: if one accepts OPTIONS, as ANY does, the integration handles the
    // preflight.
    return cors && isPreflight(request)
      ? preflightAnswer(request, cors)
      : gatewayAnswer(404, 'Not Found')

  const body = await readBody(request, bodyLimit)
  if (body === undefined) return gatewayAnswer(413, 'Request Entity Too Large')
  try {
    const now = new Date(clock())
    const event = httpEvent({ request, body, match, requestId, apiId, accountId, now })
    const answer = httpAnswer(await integration(event))
    if (answer === undefined) return gatewayAnswer(500, 'Internal Server Error')
    return {
      ...answer,
      headers: { ...answer.headers, ...(cors && corsHeaders(request, cors)) },
    }
  } catch (error) {
    if (error instanceof URIError) return gatewayAnswer(400, 'Bad Request')
    throw error
  }
}

/** Size in bytes of the request line and all raw headers. */
function headerSize({ method = '', url = '', rawHeaders }: IncomingMessage): number {
  const line = `${method} ${url} HTTP/1.1\r\n`.length
  return rawHeaders.reduce((sum, text) => sum + Buffer.byteLength(text, 'latin1') + 2, line)
}

function send(
  response: ServerResponse,
  { status, headers, cookies, body }: HttpAnswer,
  requestId: string,
) {
  try {
    response.statusCode = status
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    if (cookies.length > 0) response.appendHeader('set-cookie', cookies)
  } catch {
    // Node rejects the header, for example because it has a line break.
    for (const name of response.getHeaderNames()) response.removeHeader(name)
    return send(response, gatewayAnswer(500, 'Internal Server Error'), requestId)
  }
  response.setHeader('apigw-requestid', requestId)
  if (status !== 204 && status !== 304) response.setHeader('content-length', body.length)
  response.end(body)
}

/** Input that is not valid HTTP, or whose headers exceed Node's limit, never becomes a request. */
function reject(error: NodeJS.ErrnoException, socket: Socket) {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400
  const body = JSON.stringify({ message: STATUS_CODES[status] })
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  )
}
