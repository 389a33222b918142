import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { type ErrorCode, OAuthError } from '../../lib/errors.ts'
import { type JsonObject, jsonProblem } from '../../lib/json.ts'
import { requireMediaType, requirePlainUtf8 } from './content.ts'
import { hasDuplicateKey } from './duplicate-key.ts'

/** Time at which API Gateway received the request, in Unix seconds. */
export const receivedAt = ({ requestContext }: APIGatewayProxyEventV2): number =>
  Math.floor(requestContext.timeEpoch / 1000)

/** A decoded path parameter; '' if the route does not have it. */
export const pathParameter = ({ pathParameters }: APIGatewayProxyEventV2, name: string): string =>
  pathParameters?.[name] ?? ''

/** A decoded query parameter. */
export const queryParameter = (
  { queryStringParameters }: APIGatewayProxyEventV2,
  name: string,
): string | undefined => queryStringParameters?.[name]

/**
 * The bearer token from the Authorization header (RFC 6750 §2.1); undefined if there is no such
 * header or it uses another scheme. Throws OAuthError `invalid_request` if the header is malformed,
 * or if the token is in the query (§2.3), where logs would record it.
 */
export function bearerToken({
  headers,
  rawQueryString,
}: APIGatewayProxyEventV2): string | undefined {
  if (new URLSearchParams(rawQueryString).has('access_token'))
    throw malformed('send the token in the Authorization header, not in the query')
  const authorization = headers.authorization
  // API Gateway joins repeated headers with a comma.
  if (authorization === undefined || !/(^|,)\s*bearer(\s|,|$)/i.test(authorization))
    return undefined
  const [, token] = /^bearer +([A-Za-z0-9\-._~+/]+=*) *$/i.exec(authorization) ?? []
  if (token === undefined)
    throw malformed('expected one Authorization header: Bearer and one token')
  return token
}

const malformed = (description: string) =>
  new OAuthError('invalid_request', description, { challenge: true })

/** A request for the client in the path. Throws the OAuthErrors of `bearerToken`. */
export const clientRequest = (event: APIGatewayProxyEventV2) => ({
  bearer: bearerToken(event),
  client_id: pathParameter(event, 'client_id'),
  now: receivedAt(event),
})

/** A request for a page of a list. Throws the OAuthErrors of `bearerToken`. */
export const pageRequest = (event: APIGatewayProxyEventV2) => ({
  bearer: bearerToken(event),
  now: receivedAt(event),
  limit: queryParameter(event, 'limit'),
  cursor: queryParameter(event, 'cursor'),
})

/**
 * Parses the request body as a JSON object. `limit` is in bytes. Throws OAuthError
 * `unsupported_media_type`, `content_too_large`, or `code` if the body is not one JSON object in
 * UTF-8 without duplicate members.
 */
export function jsonBody(
  event: APIGatewayProxyEventV2,
  limit: number,
  code: ErrorCode = 'invalid_client_metadata',
): JsonObject {
  requireMediaType(event.headers, 'application/json')
  return parseObject(
    bodyText(event, limit, code),
    (description) => new OAuthError(code, description),
  )
}

/** Like `jsonBody`, and an empty object for a request without a body. */
export const optionalJsonBody = (event: APIGatewayProxyEventV2, limit: number): JsonObject =>
  event.body ? jsonBody(event, limit, 'invalid_request') : {}

type Reject = (description: string) => OAuthError

/**
 * Decodes the request body as UTF-8. `limit` is in bytes. Throws OAuthError
 * `unsupported_media_type` for a content coding or another charset, `content_too_large`, or `code`
 * if the body is not UTF-8.
 */
export function bodyText(event: APIGatewayProxyEventV2, limit: number, code: ErrorCode): string {
  requirePlainUtf8(event.headers)
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8')
  if (bytes.length > limit)
    throw new OAuthError('content_too_large', `expected at most ${limit} bytes`)
  // U+FFFD replaces invalid bytes. It was inserted either by this decoder or by API Gateway, which
  // has already decoded a body that is not in base64.
  const text = new TextDecoder().decode(bytes)
  if (text.includes('\ufffd')) throw new OAuthError(code, 'the request body is not UTF-8')
  return text
}

function parseObject(text: string, rejected: Reject): JsonObject {
  const value = parseJson(text, rejected)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw rejected('the request body is not a JSON object')
  const problem = jsonProblem(value, 'the request body')
  if (problem !== undefined) throw rejected(problem)
  if (hasDuplicateKey(text)) throw rejected('the request body has a duplicate member name')
  return value as JsonObject // checked above
}

/** Replaces the parser's error, whose message would repeat a part of the body. */
function parseJson(text: string, rejected: Reject): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw rejected('the request body is not JSON')
  }
}
