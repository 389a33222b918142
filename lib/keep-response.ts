import { type IdempotentRequest, idempotencyLifetimeSeconds } from './idempotency-key.ts'
import type { Consumable } from './ports/consumable.ts'
import type { Server } from './server.ts'
import { encryptResponse } from './tokens/response-jwe.ts'

/**
 * What a registration consumes first of all: its idempotency key, if it has one. The response is
 * kept, encrypted, for the requests that repeat this one, which consumed the rest, too.
 */
export async function keepResponse(
  idempotent: IdempotentRequest | undefined,
  response: object,
  now: number,
  { clientSecretKeyRing }: Pick<Server, 'clientSecretKeyRing'>,
): Promise<readonly Consumable[]> {
  if (idempotent === undefined) return []
  return [
    {
      kind: 'idempotency_key',
      id: idempotent.id,
      request_digest: idempotent.request_digest,
      response_jwe: await encryptResponse(idempotent, response, clientSecretKeyRing),
      expires_at: now + idempotencyLifetimeSeconds,
    },
  ]
}
