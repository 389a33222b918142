import type { ClientInformationResponse } from '../../lib/client-information-response.ts'
import type { ClientMetadata } from '../../lib/metadata/client-metadata.ts'
import type { Settings } from '../../lib/settings/settings.ts'
import { type JsonSchema, schemaRef, unixTime } from './json-schema.ts'

type Aliases = 'scopes' | 'registration_access_token_expires_in'

/** What the response has in addition to the metadata; with `readOnly`, because the server sets it. */
const issued = {
  client_id: { type: 'string', readOnly: true, description: 'The client identifier.' },
  client_id_issued_at: { ...unixTime('Time of the registration'), readOnly: true },
  client_secret: {
    type: 'string',
    readOnly: true,
    description: 'Omitted for a client without a secret, and where only its digest is stored.',
  },
  client_secret_expires_at: {
    ...unixTime('Expiry of the secret, or 0 if it never expires'),
    readOnly: true,
  },
  registration_client_uri: {
    type: 'string',
    format: 'uri',
    readOnly: true,
    description: 'The client configuration endpoint of this client (RFC 7592 §3).',
  },
  registration_access_token: {
    type: 'string',
    readOnly: true,
    description: 'Replaces all earlier ones (RFC 7592 §3): keep the one of the newest response.',
  },
} satisfies Record<
  Exclude<keyof ClientInformationResponse, keyof ClientMetadata | Aliases>,
  JsonSchema
>

const aliases = {
  scopes: { type: 'array', items: { type: 'string' }, readOnly: true, description: 'The scope.' },
  registration_access_token_expires_in: {
    type: 'integer',
    readOnly: true,
    description: 'Lifetime of the registration access token in seconds.',
  },
} satisfies Record<Aliases, JsonSchema>

/** RFC 7591 §3.2.1, RFC 7592 §3. */
export const clientInformationSchemas = (
  settings: Settings,
): Readonly<Record<string, JsonSchema>> => ({
  ClientInformationResponse: {
    description: 'Client Information Response (RFC 7591 §3.2.1, RFC 7592 §3).',
    allOf: [schemaRef('RegisteredMetadata')],
    required: ['client_id', 'client_id_issued_at'],
    properties: { ...issued, ...(settings.aliases && aliases) },
  },
})
