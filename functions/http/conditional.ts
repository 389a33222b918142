import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { sortMembers } from '../../lib/json.ts'
import { sha256 } from '../../lib/tokens/token.ts'
import { type HttpResponse, json } from './response.ts'

/**
 * A 200 response with an entity tag, or 304 if the request names a copy with this tag (RFC 9110
 * §13.1.2). Only for a body without a credential: the caller may keep a copy, and must ask before
 * each use of it (RFC 9111 §5.2.2.4).
 */
export function conditionalJson({ headers }: APIGatewayProxyEventV2, body: object): HttpResponse {
  // DynamoDB returns the members of a map in any order. Equal bodies must have equal bytes.
  const answer = json(200, sortMembers(body))
  const { pragma: _, ...others } = answer.headers
  const validation = { etag: entityTag(answer.body), 'cache-control': 'private, no-cache' }
  return lists(headers['if-none-match'], validation.etag)
    ? { statusCode: 304, headers: validation }
    : { ...answer, headers: { ...others, ...validation } }
}

/** A strong entity tag (RFC 9110 §8.8.3): another body has another digest. */
const entityTag = (body = ''): string => `"${Buffer.from(sha256(body)).toString('base64url')}"`

/** Compares weakly (RFC 9110 §8.8.3.2): a proxy that compresses a response weakens its tag. */
const lists = (ifNoneMatch = '', etag: string): boolean =>
  ifNoneMatch.trim() === '*' || [...ifNoneMatch.matchAll(/"[^"]*"/g)].some(([tag]) => tag === etag)
