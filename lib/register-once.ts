import { IdempotencyKeyUsed } from './creation-error.ts'
import type { RegistrationResponse } from './defer-registration.ts'
import { OAuthError } from './errors.ts'
import type { IdempotentRequest } from './idempotency-key.ts'
import type { Server } from './server.ts'
import { decryptResponse } from './tokens/response-jwe.ts'
import { bytesEqual } from './tokens/token.ts'

type Ports = Pick<Server, 'clients' | 'clientSecretKeyRing' | 'annotate'>

/**
 * (Ours) returns the response to an equal request of the last ten minutes, or registers. Bearer and
 * idempotency key are the proof: a token that this registration consumed is not asked for again.
 * Throws OAuthError `idempotency_key_reused` if the key belongs to another request, and the errors
 * of `register`.
 */
export async function registerOnce<Response extends RegistrationResponse>(
  idempotent: IdempotentRequest,
  now: number,
  server: Ports,
  register: () => Promise<Response>,
): Promise<Response> {
  const earlier = await findResponse<Response>(idempotent, now, server)
  if (earlier !== undefined) return earlier
  try {
    return await register()
  } catch (error) {
    if (!mayFollowEqualRequest(error)) throw error
    const concurrent = await findResponse<Response>(idempotent, now, server)
    if (concurrent === undefined) throw error
    return concurrent
  }
}

/** Whether an equal request may have taken the key, or consumed the token, since the first look. */
const mayFollowEqualRequest = (error: unknown): boolean =>
  error instanceof IdempotencyKeyUsed ||
  (error instanceof OAuthError && error.code === 'invalid_token')

async function findResponse<Response extends RegistrationResponse>(
  idempotent: IdempotentRequest,
  now: number,
  { clients, clientSecretKeyRing, annotate }: Ports,
): Promise<Response | undefined> {
  const stored = await clients.findResponse(idempotent.id)
  if (stored === undefined || stored.expires_at <= now) return undefined
  if (!bytesEqual(stored.request_digest, idempotent.request_digest))
    throw new OAuthError(
      'idempotency_key_reused',
      'this Idempotency-Key was used for another request; send that one unchanged, or another key',
    )
  const response = await decryptResponse(idempotent, stored.response_jwe, clientSecretKeyRing)
  const repeated = response as Response // only an equal request encrypts it
  annotate({ ...('client_id' in repeated && { client_id: repeated.client_id }), repeated: true })
  return repeated
}
