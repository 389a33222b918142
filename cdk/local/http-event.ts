import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { RouteMatch } from './http-routes.ts'

export type EventSource = {
  readonly request: IncomingMessage
  readonly body: Buffer
  readonly match: RouteMatch
  readonly requestId: string
  readonly apiId: string
  readonly accountId: string
  /** Time of the request. */
  readonly now: Date
}

/**
 * The event that API Gateway builds from a request, in payload format 2.0. Throws URIError for
 * invalid percent-encoding.
 */
export function httpEvent(source: EventSource): APIGatewayProxyEventV2 {
  const { request, body, match, requestId, now } = source
  const { path, query } = requestTarget(request.url ?? '/')
  const method = request.method ?? 'GET'
  const sourceIp = request.socket.remoteAddress ?? '127.0.0.1'
  const { headers, cookies } = requestHeaders(request, body, sourceIp)
  const host = (headers.host ?? '').replace(/:\d+$/, '')
  const rawPath = decodeURIComponent(path)
  return {
    version: '2.0',
    routeKey: match.routeKey,
    rawPath,
    rawQueryString: query,
    ...(cookies.length > 0 && { cookies }),
    headers,
    ...(query !== '' && { queryStringParameters: queryParameters(query) }),
    requestContext: {
      accountId: source.accountId,
      apiId: source.apiId,
      domainName: host,
      domainPrefix: host.split('.')[0] ?? '',
      http: {
        method,
        path: rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId,
      routeKey: match.routeKey,
      stage: '$default',
      time: requestTime(now),
      timeEpoch: now.getTime(),
    },
    ...(Object.keys(match.parameters).length > 0 && { pathParameters: decoded(match.parameters) }),
    ...(body.length > 0 && {
      body: body.toString(isText(headers) ? 'utf8' : 'base64'),
    }),
    isBase64Encoded: body.length > 0 && !isText(headers),
  }
}

/** Path and query of a request target, both still percent-encoded. */
export function requestTarget(target: string): { readonly path: string; readonly query: string } {
  const [, path = '', query = ''] = /^(?:https?:\/\/[^/?]*)?([^?]*)\??(.*)$/s.exec(target) ?? []
  return { path: path === '' ? '/' : path, query }
}

/** Hop-by-hop headers (RFC 9110 §7.6.1), removed from requests and responses. */
export const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
])

function requestHeaders(request: IncomingMessage, body: Buffer, sourceIp: string) {
  const values: Record<string, string> = {}
  const cookies: string[] = []
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index]?.toLowerCase() ?? ''
    const value = request.rawHeaders[index + 1] ?? ''
    if (hopByHop.has(name)) continue
    if (name === 'cookie') cookies.push(...value.split(';').map((cookie) => cookie.trim()))
    else values[name] = name in values ? `${values[name]},${value}` : value
  }
  const client = values['x-forwarded-for']
  values['content-length'] = String(body.length)
  values['x-forwarded-for'] = client === undefined ? sourceIp : `${client}, ${sourceIp}`
  values['x-forwarded-port'] = String(request.socket.localPort)
  values['x-forwarded-proto'] = 'http'
  values['x-amzn-trace-id'] ??= traceId()
  return { headers: values, cookies: cookies.filter((cookie) => cookie !== '') }
}

function queryParameters(query: string): Record<string, string> {
  const parameters: Record<string, string> = {}
  for (const pair of query.split('&').filter((text) => text !== '')) {
    const [name = '', ...rest] = pair.replaceAll('+', ' ').split('=')
    const key = decodeURIComponent(name)
    const value = decodeURIComponent(rest.join('='))
    parameters[key] = Object.hasOwn(parameters, key) ? `${parameters[key]},${value}` : value
  }
  return parameters
}

const decoded = (parameters: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, decodeURIComponent(value)]),
  )

/** Text bodies are passed unchanged. All others, including forms, are base64-encoded. */
function isText(headers: Readonly<Record<string, string>>): boolean {
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  if (headers['content-encoding'] !== undefined) return false
  return /^(text\/.+|application\/(json|xml|javascript|.+\+json|.+\+xml))$/.test(type)
}

const traceId = () =>
  `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${randomBytes(12).toString('hex')}`

/** Format: 23/Nov/2026:10:00:00 +0000. */
function requestTime(now: Date): string {
  const [, day, month, year, time] = now.toUTCString().split(' ')
  return `${day}/${month}/${year}:${time} +0000`
}
