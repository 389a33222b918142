import type { RegisteredClient } from '../../../lib/client.ts'
import { OAuthError } from '../../../lib/errors.ts'
import type { JsonObject } from '../../../lib/json.ts'
import { omitUndefined } from '../../../lib/omit-undefined.ts'
import { parseRequest } from '../../../lib/operator/parse-request.ts'
import { sha256 } from '../../../lib/tokens/token.ts'
import { clientLineSchema, isClientSecret } from '../export/client-line.ts'
import type { MappedClient } from './mapping.ts'

/** A client secret as a record has it. */
export type GivenSecret = {
  readonly client_secret?: string | undefined
  readonly digest?: Uint8Array | undefined
  /** Unix seconds; 0 means never. */
  readonly expires_at: number
}

/** A client of a record, before the rules of the service and without its secrets. */
export type Candidate = {
  /** What the rules judge. */
  readonly sent: JsonObject
  readonly client: Omit<RegisteredClient, 'metadata'>
  readonly counted_software?: Uint8Array | undefined
  readonly secret?: GivenSecret | undefined
  readonly previous?: GivenSecret | undefined
  /** Whether the record says that the client has a secret. */
  readonly hadSecret: boolean
  /** Whether another server registered it, so that the rules judge it as a new one. */
  readonly isMapped: boolean
  readonly dropped: readonly string[]
}

/**
 * Identifies what a client is imported from, in place of the request that wrote last: a later run
 * recognizes what an earlier one stored, as long as nothing has changed it.
 */
const importWriteId = (record: string): Uint8Array => sha256(record).slice(0, 8)

/** Parses a line of this service's export. Throws OAuthError `invalid_request`. */
export function candidateOfLine(value: JsonObject, record: string): Candidate {
  const {
    format: _,
    type: __,
    metadata,
    counted_software,
    client_secret,
    client_secret_digest,
    client_secret_expires_at,
    previous_client_secret,
    previous_client_secret_digest,
    previous_client_secret_expires_at,
    registration_access_token_digest,
    registration_access_token_expires_at,
    rotation_nonce,
    rotation_key,
    rotated_at,
    ...plain
  } = parseRequest(clientLineSchema, value)
  const rotation = { rotation_nonce, rotation_key, rotated_at }
  const isRotated = Object.values(rotation).every((member) => member !== undefined)
  const token = {
    token_digest: registration_access_token_digest,
    token_expires_at: registration_access_token_expires_at,
    ...(isRotated && rotation),
  }
  const hasToken = registration_access_token_digest !== undefined
  const previous = givenSecret(
    previous_client_secret,
    previous_client_secret_digest,
    previous_client_secret_expires_at ?? 0,
  )
  if (previous?.expires_at === 0)
    throw invalid('previous_client_secret_expires_at: expected Unix seconds above 0')
  return {
    sent: metadata,
    client: { ...plain, write_id: importWriteId(record), ...(hasToken && omitUndefined(token)) },
    counted_software,
    secret: givenSecret(client_secret, client_secret_digest, client_secret_expires_at ?? 0),
    previous,
    hadSecret: client_secret_expires_at !== undefined,
    isMapped: false,
    dropped: [],
  }
}

/** A client of another server, registered by the operator. Throws OAuthError `invalid_request`. */
export function candidateOfMapped(mapped: MappedClient, record: string, now: number): Candidate {
  const { client_id, client_id_issued_at = now, metadata, disabled = false, dropped } = mapped
  const { client_secret, client_secret_expires_at = 0 } = mapped
  if (client_secret !== undefined && !isClientSecret(client_secret))
    throw invalid('client_secret: expected 1 to 1024 visible ASCII characters')
  return {
    sent: metadata,
    client: {
      client_id,
      client_id_issued_at,
      version: 1,
      registration_method: 'operator',
      write_id: importWriteId(record),
      ...(disabled && { disabled_at: now }),
    },
    secret:
      client_secret === undefined
        ? undefined
        : { client_secret, expires_at: client_secret_expires_at },
    hadSecret: false,
    isMapped: true,
    dropped,
  }
}

function givenSecret(
  client_secret: string | undefined,
  digest: Uint8Array | undefined,
  expires_at: number,
): GivenSecret | undefined {
  if (client_secret === undefined && digest === undefined) return undefined
  if (client_secret !== undefined && digest !== undefined)
    throw invalid('client_secret_digest: expected either the secret or its digest')
  return { client_secret, digest, expires_at }
}

const invalid = (description: string) => new OAuthError('invalid_request', description)
