import * as v from 'valibot'
import type { RegisteredClient } from '../client.ts'
import type { JsonObject } from '../json.ts'
import { clientLogFields } from '../ports/request-log-fields.ts'
import type { Server } from '../server.ts'
import { isClientId } from '../tokens/client-id.ts'
import { generateBytes, hasDigest } from '../tokens/token.ts'
import type { AdministrationRequest } from './get-client.ts'
import { members, parseRequest } from './parse-request.ts'
import { requireReader } from './require-operator.ts'

/** The request of an authorization server to check a secret. */
export const checkSchema = members({ client_secret: v.string() })

export type SecretCheckResponse = { readonly valid: boolean }

/**
 * Checks the secret that a client presented to the authorization server. An unknown client, a
 * client without a secret and a wrong secret cost the same: one read and one comparison of digests.
 * Throws OAuthError like `requireReader`, and `invalid_request`.
 */
export async function checkClientSecret(
  { bearer, client_id, now, body }: AdministrationRequest & { readonly body: JsonObject },
  server: Server,
): Promise<SecretCheckResponse> {
  const parse = () => parseRequest(checkSchema, body)
  const { client_secret } = await requireReader(bearer, now, server, parse)
  const client = isClientId(client_id) ? await server.clients.find(client_id) : undefined
  if (client !== undefined) server.annotate(clientLogFields(client))
  const isEqual = hasDigest(client_secret, client?.secret_digest ?? unmatchedDigest)
  return { valid: isEqual && client !== undefined && isSecretUsable(client, now) }
}

/** Takes the place of a digest that does not exist. No secret has it, because it is random. */
const unmatchedDigest = generateBytes(32)

/** A secret without a time of expiry is not one that this service stored. */
const isSecretUsable = (
  { disabled_at, stale_at, client_secret_expires_at: expires }: RegisteredClient,
  now: number,
): boolean =>
  disabled_at === undefined &&
  stale_at === undefined &&
  expires !== undefined &&
  (expires === 0 || expires > now)
