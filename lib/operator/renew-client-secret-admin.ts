import * as v from 'valibot'
import { concurrentUpdate } from '../authenticate-client.ts'
import { generateWriteId, type RegisteredClient } from '../client.ts'
import { storedClientSecret } from '../client-information-response.ts'
import type { JsonObject } from '../json.ts'
import { omitUndefined } from '../omit-undefined.ts'
import { clientLogFields } from '../ports/request-log-fields.ts'
import { renewSecret, requireClientSecret } from '../renew-secret.ts'
import type { Server } from '../server.ts'
import { isClientId } from '../tokens/client-id.ts'
import { type AdministrationRequest, clientNotFound } from './get-client.ts'
import { members, parseRequest } from './parse-request.ts'
import { requireOperator } from './require-operator.ts'

/** Maximum of `overlap` in seconds: thirty days. */
export const maxOverlap = 2_592_000

/** The operator's request: `overlap` in seconds takes the place of the setting's. */
export const renewalSchema = members({
  overlap: v.exactOptional(
    v.pipe(
      v.number(`expected 0 to ${maxOverlap} seconds`),
      v.integer(`expected 0 to ${maxOverlap} seconds`),
      v.minValue(0, `expected 0 to ${maxOverlap} seconds`),
      v.maxValue(maxOverlap, `expected 0 to ${maxOverlap} seconds`),
    ),
  ),
})

export type SecretRenewalResponse = {
  readonly client_id: string
  readonly client_secret: string
  /** Unix seconds; 0 means never. */
  readonly client_secret_expires_at: number
  /** Unix seconds; omitted if the previous secret is no longer valid. */
  readonly previous_client_secret_expires_at?: number
}

/** Maximum attempts of a renewal that conflicts with concurrent writes. */
const maxAttempts = 8

/**
 * Replaces the secret of a client for the operator. With an overlap of 0, the previous secret stops
 * working at once. Otherwise like `renewClientSecret`.
 * Throws OAuthError like `requireOperator` and the key rings, `not_found`, and `invalid_request` for
 * a client without a secret.
 */
export async function renewClientSecretAdmin(
  { bearer, client_id, now, body }: AdministrationRequest & { readonly body: JsonObject },
  server: Server,
): Promise<SecretRenewalResponse> {
  const { overlap = server.settings.clientSecret.overlap } = await requireOperator(
    bearer,
    now,
    server,
    () => parseRequest(renewalSchema, body),
  )
  const write_id = generateWriteId()
  let client = isClientId(client_id) ? await server.clients.find(client_id) : undefined
  if (client === undefined) throw clientNotFound()
  const seen = requireClientSecret(client)
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    server.annotate(clientLogFields(client))
    const renewed = await renewSecret(client, { seen, overlap, now }, server)
    if (renewed === undefined) return response(client, await storedClientSecret(client, server))
    const written = await server.clients.renewSecret(
      client_id,
      client.version,
      renewed.stored,
      write_id,
    )
    if (written.outcome === 'written') return response(written.client, renewed.client_secret)
    if (written.current === undefined) throw clientNotFound()
    client = written.current
  }
  throw concurrentUpdate()
}

function response(
  client: RegisteredClient,
  client_secret: string | undefined,
): SecretRenewalResponse {
  if (client_secret === undefined) throw concurrentUpdate()
  const { client_id, client_secret_expires_at = 0, previous_secret_expires_at } = client
  return {
    client_id,
    client_secret,
    client_secret_expires_at,
    ...omitUndefined({ previous_client_secret_expires_at: previous_secret_expires_at }),
  }
}
