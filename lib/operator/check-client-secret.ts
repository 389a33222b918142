import * as v from 'valibot'
import type { RegisteredClient } from '../client.ts'
import type { JsonObject } from '../json.ts'
import { clientLogFields } from '../ports/request-log-fields.ts'
import { validDigests } from '../read/client-secret.ts'
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
 * client without a secret and a wrong secret cost the same: one read and two comparisons of digests.
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
  const digests = client && isActive(client) ? validDigests(client, now) : []
  const valid = compared(digests).filter((digest) => hasDigest(client_secret, digest))
  return { valid: valid.length > 0 }
}

/** Takes the place of a digest that does not exist. No secret has it, because it is random. */
const unmatchedDigest = generateBytes(32)

/** Two digests, so that a client without a previous secret, or without any, costs the same. */
const compared = ([current, previous]: readonly Uint8Array[]) => [
  current ?? unmatchedDigest,
  previous ?? unmatchedDigest,
]

const isActive = ({ disabled_at, stale_at }: RegisteredClient): boolean =>
  disabled_at === undefined && stale_at === undefined
