import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { OAuthError } from '../../lib/errors.ts'

/**
 * The key of the `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header §2.1: a string
 * of RFC 9651, in quotes), or the same key without quotes; undefined if there is no such header.
 * Throws OAuthError `invalid_request` if it is anything else, or is sent twice.
 */
export function idempotencyKey({ headers }: APIGatewayProxyEventV2): string | undefined {
  const header = headers['idempotency-key']
  if (header === undefined) return undefined
  const [, quoted, bare] = /^(?:"((?:[^"\\]|\\["\\])*)"|([^",;\\]*))$/.exec(header.trim()) ?? []
  const key = quoted?.replace(/\\(.)/g, '$1') ?? bare
  // API Gateway joins repeated headers with a comma, which a key without quotes cannot have.
  if (key === undefined || !/^[\x21-\x7E]{16,255}$/.test(key))
    throw new OAuthError(
      'invalid_request',
      'Idempotency-Key: expected one key of 16 to 255 visible ASCII characters, such as a random UUID in double quotes',
    )
  return key
}
