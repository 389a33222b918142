import { isPlainObject, type JsonObject } from '../../../../lib/json.ts'
import { importedClientId, type Mapping, parseSeconds } from '../mapping.ts'

/** What the server sets (RFC 7591 §3.2.1, RFC 7592 §3). */
const serverMembers = new Set([
  'client_id',
  'client_secret',
  'client_id_issued_at',
  'client_secret_expires_at',
  'registration_access_token',
  'registration_client_uri',
])

/**
 * Maps a document of oidc-provider's adapter for the model `Client`: client metadata with its secret
 * in plaintext, by itself or, as most adapters store it, in `payload`.
 */
export const mapOidcProviderClient: Mapping = (record) => {
  const document: JsonObject = isPlainObject(record.payload) ? record.payload : record
  const { client_secret } = document
  const entries = Object.entries(document)
  return {
    client_id: importedClientId(document.client_id, 'client_id'),
    client_id_issued_at: parseSeconds(document.client_id_issued_at),
    metadata: Object.fromEntries(entries.filter(([name]) => !serverMembers.has(name))),
    client_secret: typeof client_secret === 'string' ? client_secret : undefined,
    client_secret_expires_at: parseSeconds(document.client_secret_expires_at),
    dropped: document.registration_access_token === undefined ? [] : ['registration_access_token'],
  }
}
