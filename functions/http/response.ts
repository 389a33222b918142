import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { OAuthError } from '../../lib/errors.ts'

export type HttpResponse = APIGatewayProxyStructuredResultV2 & {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
}

const noStore = { 'cache-control': 'no-store', pragma: 'no-cache' }

/** Security headers for responses that reach a browser (RFC 6797 §6.1, Fetch §3.6). */
const browserSecurity = {
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
}

/** Adds the security headers that every response has. */
export const withBrowserSecurity = (answer: HttpResponse): HttpResponse => ({
  ...answer,
  headers: { ...browserSecurity, ...answer.headers },
})

/** A response with a JSON body, which must not be cached (RFC 7591 §3.2.1). */
export const json = (statusCode: number, body: object): HttpResponse => ({
  statusCode,
  headers: { 'content-type': 'application/json', ...noStore },
  // With a trailing newline, the shell prompt starts on a new line after the output of curl.
  body: `${JSON.stringify(body)}\n`,
})

/** A response that caches may keep for five minutes. */
export function cacheable(answer: HttpResponse): HttpResponse {
  const { pragma: _, ...headers } = answer.headers
  return { ...answer, headers: { ...headers, 'cache-control': 'max-age=300' } }
}

/** A 204 response without a body (RFC 7592 §2.3). */
export const noContent = (headers: HttpResponse['headers'] = {}): HttpResponse => ({
  statusCode: 204,
  headers: { ...noStore, ...headers },
})

/** A temporary redirect, 302 Found (RFC 9110 §15.4.3). */
export const redirect = (location: string): HttpResponse => ({
  statusCode: 302,
  headers: { location, ...noStore },
})

/**
 * Client Registration Error Response (RFC 7591 §3.2.2). If a bearer token is required, it has the
 * challenge of RFC 6750 §3.
 */
export function errorResponse(error: OAuthError): HttpResponse {
  const answer = json(error.status, {
    error: error.error,
    error_description: toErrorDescription(error.responseDescription),
  })
  return { ...answer, headers: { ...answer.headers, ...headersFor(error) } }
}

function headersFor({ code, error, details }: OAuthError): Record<string, string> {
  const { scope, allow, challenge, acceptEncoding, retryAfterSeconds = 1 } = details
  const scoped = scope === undefined ? '' : `, scope="${scope}"`
  const bearer = 'Bearer realm="client registration"'
  switch (code) {
    case 'missing_token':
      return { 'www-authenticate': bearer }
    case 'invalid_token':
    case 'insufficient_scope':
      return { 'www-authenticate': `${bearer}, error="${error}"${scoped}` }
    case 'invalid_request':
      return challenge ? { 'www-authenticate': `${bearer}, error="${error}"` } : {}
    case 'method_not_allowed':
      return { allow: (allow ?? []).join(', ') }
    case 'unsupported_media_type':
      return acceptEncoding === undefined ? {} : { 'accept-encoding': acceptEncoding }
    case 'temporarily_unavailable':
    case 'too_many_requests':
      return { 'retry-after': String(retryAfterSeconds) }
    default:
      return {}
  }
}

/** Replaces the characters that RFC 6749 §5.2 excludes: %x20-21 / %x23-5B / %x5D-7E. */
const toErrorDescription = (description: string): string =>
  description.replaceAll('"', "'").replace(/[^\x20-\x21\x23-\x5B\x5D-\x7E]/g, '?')
