import { createHmac } from 'node:crypto'
import { sha256 } from './tokens/token.ts'

/** Seconds for which a request with the same key gets the same response. */
export const idempotencyLifetimeSeconds = 600

/** A registration that can be repeated, recognized by its idempotency key, its bearer and content. */
export type IdempotentRequest = {
  /** Digest of the bearer and the key: a key belongs to its bearer. */
  readonly id: string
  /** Digest of what the request registers. */
  readonly request_digest: Uint8Array
  /** Identifies the use of an initial access token that this request consumes on the attempt. */
  readonly write_id: Uint8Array
  /** The bearer and the key: without them, nobody can decrypt the response. */
  readonly secret: string
}

/** Identifies a request by its idempotency key, its bearer, and the content that it sends. */
export function identifyRequest(
  key: string,
  bearer: string | undefined,
  content: readonly (string | undefined)[],
): IdempotentRequest {
  const secret = JSON.stringify([bearer ?? null, key])
  const request_digest = sha256(JSON.stringify(content))
  const write_id = createHmac('sha256', secret).update(request_digest).digest().subarray(0, 8)
  return {
    id: Buffer.from(sha256(secret)).toString('base64url'),
    request_digest,
    write_id: new Uint8Array(write_id),
    secret,
  }
}
