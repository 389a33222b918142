import { expect, test } from 'vitest'
import { toKeycloakClient } from '../../../functions/connectors/keycloak-client.ts'
import { toPushedClient } from '../../../lib/pushed-client.ts'

test('the name of a client for Keycloak ends before a character that would be cut in half', () => {
  const metadata = {
    redirect_uris: ['https://client.example/callback'],
    token_endpoint_auth_method: 'client_secret_basic',
    subject_type: 'public',
    grant_types: ['authorization_code'],
    response_types: ['code'],
    client_name: `${'a'.repeat(254)}😀`,
  }
  const client = toPushedClient(
    { client_id: 'c', client_id_issued_at: 1, version: 1, metadata } as never,
    's',
  )
  const settings = { defaultScopes: [], optionalScopes: [], consentRequired: false }
  expect(toKeycloakClient(client, settings, 'source', 1).name).toBe('a'.repeat(254))
})
