import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { OAuthError } from '../../lib/errors.ts'

type Headers = APIGatewayProxyEventV2['headers']

/** Whether the request's content has one of these media types (RFC 9110 §8.3.1). */
export function hasMediaType(headers: Headers, ...types: readonly string[]): boolean {
  const [type = ''] = (headers['content-type'] ?? '').split(';')
  return types.includes(type.trim().toLowerCase())
}

/** Throws OAuthError `unsupported_media_type` for any other media type (RFC 9110 §15.5.16). */
export function requireMediaType(headers: Headers, type: string): void {
  if (!hasMediaType(headers, type))
    throw new OAuthError('unsupported_media_type', `expected content-type: ${type}`)
}

/**
 * Throws OAuthError `unsupported_media_type` if the headers declare a content coding (RFC 9110
 * §8.4) or a charset other than UTF-8 (RFC 8259 §8.1). The service supports neither.
 */
export function requirePlainUtf8(headers: Headers): void {
  const codings = (headers['content-encoding'] ?? '').split(',')
  if (!codings.every((coding) => ['', 'identity'].includes(coding.trim().toLowerCase())))
    throw new OAuthError('unsupported_media_type', 'expected no content-encoding', {
      acceptEncoding: 'identity',
    })
  const charsets = (headers['content-type'] ?? '').matchAll(/;\s*charset\s*=\s*"?([^";\s]*)/gi)
  if (![...charsets].every(([, charset = '']) => /^utf-?8$/i.test(charset)))
    throw new OAuthError('unsupported_media_type', 'expected charset=utf-8, or no charset')
}
