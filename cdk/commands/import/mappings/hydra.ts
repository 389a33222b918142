import type { JsonObject } from '../../../../lib/json.ts'
import {
  importedClientId,
  isMeaningful,
  type Mapping,
  parseSeconds,
  parseTime,
} from '../mapping.ts'

/** Members of Hydra's own, and what RFC 7591 §3.2.1 has the server set. */
const ownMembers = new Set([
  'client_id',
  'client_secret',
  'client_secret_expires_at',
  'registration_access_token',
  'registration_client_uri',
  'created_at',
  'updated_at',
  'owner',
  'audience',
  'metadata',
  'allowed_cors_origins',
  'skip_consent',
  'skip_logout_consent',
  'access_token_strategy',
])

/** Read otherwise, or of no use after the move: not worth a report. */
const unreported = new Set([
  'client_id',
  'client_secret_expires_at',
  'created_at',
  'updated_at',
  'registration_client_uri',
])

/**
 * Maps an OAuth 2.0 client of Ory Hydra's admin API (`GET /admin/clients`). Hydra never returns the
 * secret of a stored client, and keeps a slow hash of it, which nothing here could verify: a
 * `client_secret` in the record is dropped.
 */
export const mapHydraClient: Mapping = (record) => {
  const isOwn = (name: string) => ownMembers.has(name) || name.endsWith('_lifespan')
  const entries = Object.entries(record).filter(([, value]) => isMeaningful(value))
  const dropped = entries
    .map(([name]) => name)
    .filter((name) => isOwn(name) && !unreported.has(name))
  return {
    client_id: importedClientId(record.client_id, 'client_id'),
    client_id_issued_at: parseTime(record.created_at),
    metadata: withoutPlaceholders(Object.fromEntries(entries.filter(([name]) => !isOwn(name)))),
    client_secret_expires_at: parseSeconds(record.client_secret_expires_at),
    dropped,
  }
}

/** Hydra writes `none` for a userinfo response that is not signed, which here is no algorithm. */
function withoutPlaceholders(metadata: JsonObject): JsonObject {
  const { userinfo_signed_response_alg, ...others } = metadata
  return userinfo_signed_response_alg === 'none' ? others : metadata
}
