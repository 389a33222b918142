import { fromItem, type Item } from '../../../lib/adapters/dynamodb/client-item.ts'
import { clientIdOf, clientSchema } from '../../../lib/adapters/dynamodb/table.ts'
import { type JsonObject, sortMembers } from '../../../lib/json.ts'
import { omitUndefined } from '../../../lib/omit-undefined.ts'
import type { KeyRing } from '../../../lib/tokens/key-ring.ts'
import { decryptSecretJwe } from '../../../lib/tokens/secret-jwe.ts'
import { plainMembers } from './client-line.ts'
import { encodeBytes, format } from './line-values.ts'

export type ExportedClient = {
  readonly line: JsonObject
  /** Why a secret is exported as its digest only, although it is stored encrypted. */
  readonly digestOnly?: string
}

/** The rings that decrypt client secrets, in order; undefined: without credentials. */
export type SecretRings = readonly KeyRing[] | undefined

/** Maps an item of the table to its line. Throws an Error for an item of a newer schema. */
export function toClientLine(item: Item, rings: SecretRings): ExportedClient {
  const client_id = clientIdOf(item)
  if (Number(item.schema) > clientSchema)
    throw new Error(`client ${client_id} has schema ${item.schema}: use a newer version`)
  const client = fromItem(client_id, item)
  // The database keeps no order of members: sorted, equal clients have equal lines.
  const kept = Object.fromEntries(plainMembers.map((name) => [name, sortMembers(client[name])]))
  const counted = item.counted_software
  const line = {
    format,
    type: 'client',
    ...kept,
    counted_software: counted instanceof Uint8Array ? encodeBytes(counted) : undefined,
    client_secret_expires_at: client.client_secret_expires_at,
    registration_access_token_expires_at: client.token_expires_at,
  }
  if (rings === undefined) return { line: omitUndefined(line) }
  const current = exportSecret(client_id, client.secret_jwe, client.secret_digest, rings)
  const { previous_secret_jwe, previous_secret_digest } = client
  const previous = exportSecret(client_id, previous_secret_jwe, previous_secret_digest, rings)
  const credentials = {
    client_secret: current.secret,
    client_secret_digest: current.digest,
    previous_client_secret: previous.secret,
    previous_client_secret_digest: previous.digest,
    previous_client_secret_expires_at: client.previous_secret_expires_at,
    registration_access_token_digest: client.token_digest && encodeBytes(client.token_digest),
    rotation_nonce: client.rotation_nonce && encodeBytes(client.rotation_nonce),
    rotation_key: client.rotation_key,
    rotated_at: client.rotated_at,
  }
  const digestOnly = current.digestOnly ?? previous.digestOnly
  return {
    line: omitUndefined({ ...line, ...credentials }),
    ...(digestOnly !== undefined && { digestOnly }),
  }
}

type ExportedSecret = {
  readonly secret?: string
  readonly digest?: string | undefined
  readonly digestOnly?: string
}

/** The secret in plaintext or, where only its digest is stored or can be read, that. */
function exportSecret(
  client_id: string,
  jwe: string | undefined,
  stored: Uint8Array | undefined,
  rings: readonly KeyRing[],
): ExportedSecret {
  const digest = stored && encodeBytes(stored)
  if (jwe === undefined) return { digest }
  try {
    return { secret: decryptSecretJwe(client_id, jwe, rings) }
  } catch (error) {
    return { digest, digestOnly: error instanceof Error ? error.message : String(error) }
  }
}
