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

/** API Gateway's own answer to a preflight request (Fetch §3.3.2); undefined where the request is none. */
export function preflightAnswer(
  { method, headers }: IncomingMessage,
  cors: Cors,
): HttpAnswer | undefined {
  const { origin, 'access-control-request-method': asked } = headers
  if (method !== 'OPTIONS' || origin === undefined || asked === undefined) return undefined
  const { AllowMethods = [], AllowHeaders = [], MaxAge } = cors
  const allowed: Headers = {
    ...corsHeaders(origin, cors),
    'access-control-allow-methods': AllowMethods.join(','),
    'access-control-allow-headers': AllowHeaders.join(','),
    ...(MaxAge !== undefined && { 'access-control-max-age': String(MaxAge) }),
  }
  const isAllowed = cors.AllowOrigins?.includes(origin)
  return { status: 204, headers: isAllowed ? allowed : {}, cookies: [], body: Buffer.alloc(0) }
}

/** The headers that every answer to a page of an allowed origin has. */
export function corsHeaders(origin: string | undefined, cors: Cors): Headers {
  if (origin === undefined || !cors.AllowOrigins?.includes(origin)) return {}
  const { ExposeHeaders = [] } = cors
  return {
    'access-control-allow-origin': origin,
    vary: 'origin',
    ...(ExposeHeaders.length > 0 && { 'access-control-expose-headers': ExposeHeaders.join(',') }),
  }
}
