import type { IncomingMessage } from 'node:http'
import type { HttpAnswer } from './http-answer.ts'

/** CorsConfiguration of an AWS::ApiGatewayV2::Api. */
export type Cors = {
  readonly AllowOrigins?: readonly string[]
  readonly AllowMethods?: readonly string[]
  readonly AllowHeaders?: readonly string[]
  readonly ExposeHeaders?: readonly string[]
  readonly MaxAge?: number
}

type Headers = Readonly<Record<string, string>>

/** Whether a request is a CORS preflight (Fetch §3.3.2). */
export const isPreflight = ({ method, headers }: IncomingMessage): boolean =>
  method === 'OPTIONS' &&
  headers.origin !== undefined &&
  headers['access-control-request-method'] !== undefined

/** API Gateway's response to a preflight that no route handles. */
export const preflightAnswer = (request: IncomingMessage, cors: Cors): HttpAnswer => ({
  status: 204,
  headers: corsHeaders(request, cors),
  cookies: [],
  body: Buffer.alloc(0),
})

/**
 * CORS headers that API Gateway adds to every response for an allowed origin, and to preflight
 * responses.
 */
export function corsHeaders(request: IncomingMessage, cors: Cors): Headers {
  const { AllowOrigins = [], AllowMethods = [], AllowHeaders = [], ExposeHeaders = [] } = cors
  const { origin } = request.headers
  const isPublic = AllowOrigins.includes('*')
  if (origin === undefined || !(isPublic || AllowOrigins.includes(origin))) return {}
  return {
    'access-control-allow-origin': isPublic ? '*' : origin,
    ...(!isPublic && { vary: 'origin' }),
    ...(ExposeHeaders.length > 0 && { 'access-control-expose-headers': ExposeHeaders.join(',') }),
    ...(isPreflight(request) && {
      'access-control-allow-methods': AllowMethods.join(','),
      'access-control-allow-headers': AllowHeaders.join(','),
      ...(cors.MaxAge !== undefined && { 'access-control-max-age': String(cors.MaxAge) }),
    }),
  }
}
