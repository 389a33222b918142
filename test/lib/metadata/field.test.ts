import { describe, expect, test } from 'vitest'
import { needsClientSecret } from '../../../lib/client.ts'
import { parseClientMetadata } from '../../../lib/metadata/parse-client-metadata.ts'
import { parseSettings } from '../../../lib/settings/settings.ts'
import { ciba, jwks } from './example.ts'

const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/** Registrations with the members that such clients send, the settings they meet, and what is registered differently. */
const clients = {
  'an MCP client: public, loopback redirect URI, grants that are not supported': {
    sent: {
      client_name: 'Desktop assistant',
      redirect_uris: ['http://127.0.0.1:33418/callback', 'http://localhost:33418/callback'],
      grant_types: ['authorization_code', 'refresh_token', jwtBearer],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      scope: 'mcp:read mcp:write',
      logo_uri: 'https://client.example/logo.png',
    },
    registered: { grant_types: ['authorization_code', 'refresh_token'], application_type: 'web' },
    secret: false,
  },
  'an MCP client that offers its methods': {
    sent: {
      client_name: 'Hosted assistant',
      redirect_uris: ['https://client.example/connector/oauth/cb'],
      token_endpoint_auth_methods_supported: ['none', 'private_key_jwt'],
      grant_types: ['authorization_code', 'refresh_token'],
      application_type: 'web',
    },
    registered: {
      token_endpoint_auth_method: 'none',
      response_types: ['code'],
      token_endpoint_auth_methods_supported: undefined,
    },
    secret: false,
  },
  'a mobile app with a private-use scheme': {
    sent: {
      application_type: 'native',
      client_name: 'Notes',
      'client_name#ja': 'ノート',
      redirect_uris: ['com.example.notes:/oauth2redirect', 'https://notes.example/app/cb'],
      post_logout_redirect_uris: ['com.example.notes:/signed-out'],
      token_endpoint_auth_method: 'none',
      software_id: '4NRB1-0XZABZI9E6-5SM3R',
      software_version: '2.1',
    },
    registered: { grant_types: ['authorization_code'], response_types: ['code'] },
    secret: false,
  },
  'a FAPI client with private_key_jwt and jwks_uri': {
    sent: {
      client_name: 'Bank connector',
      redirect_uris: ['https://connector.example/cb'],
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'PS256',
      jwks_uri: 'https://connector.example/jwks.json',
      id_token_signed_response_alg: 'PS256',
      request_object_signing_alg: 'PS256',
      require_signed_request_object: true,
      require_pushed_authorization_requests: true,
      tls_client_certificate_bound_access_tokens: true,
      use_mtls_endpoint_aliases: true,
      authorization_signed_response_alg: 'PS256',
      authorization_details_types: ['payment_initiation'],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      scope: 'openid accounts',
    },
    registered: { application_type: 'web' },
    secret: false,
  },
  'a machine client without redirect URI': {
    sent: { client_name: 'Nightly export', grant_types: ['client_credentials'], scope: 'export' },
    registered: { response_types: [], token_endpoint_auth_method: 'client_secret_basic' },
    secret: true,
  },
  'a CIBA client': {
    settings: { metadata: { grantTypes: [ciba, 'refresh_token'] } },
    sent: {
      client_name: 'Call centre',
      grant_types: [ciba],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks,
      backchannel_token_delivery_mode: 'ping',
      backchannel_client_notification_endpoint: 'https://call.example/ciba',
      backchannel_authentication_request_signing_alg: 'ES256',
      backchannel_user_code_parameter: false,
    },
    registered: { response_types: [] },
    secret: false,
  },
  'a pairwise client with a sector identifier': {
    sent: {
      redirect_uris: ['https://a.example/cb', 'https://b.example/cb'],
      subject_type: 'pairwise',
      sector_identifier_uri: 'https://a.example/sector.json',
      default_max_age: 3600,
      require_auth_time: true,
    },
    registered: { token_endpoint_auth_method: 'client_secret_basic' },
    secret: true,
  },
  'a client with ID Tokens signed by its secret': {
    settings: { metadata: { idTokenSigningAlgs: ['HS256'] as ['HS256'] } },
    sent: {
      redirect_uris: ['https://a.example/cb'],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks,
    },
    registered: { id_token_signed_response_alg: 'HS256' },
    secret: true,
  },
}

describe('registrations as they are sent in the field', () => {
  test.each(Object.entries(clients))('%s is registered as expected', (_, client) => {
    const { sent, registered, secret } = client
    const settings = parseSettings('settings' in client ? client.settings : {})
    const metadata = parseClientMetadata(sent, settings, { allowEmptyGrantTypes: false })
    const expected = Object.entries({ ...sent, ...registered }).filter(
      ([, value]) => value !== undefined,
    )
    expect(metadata).toEqual(expect.objectContaining(Object.fromEntries(expected)))
    expect(Object.keys(metadata).length - expected.length).toBeLessThanOrEqual(4)
    expect(needsClientSecret(metadata)).toBe(secret)
    expect(parseClientMetadata(metadata, settings, { allowEmptyGrantTypes: false })).toEqual(
      metadata,
    )
  })
})

describe('RFC 6749 §3.3: the scope as it is sent in the field', () => {
  const parse = (scope: unknown) =>
    parseClientMetadata({ redirect_uris: ['https://a.example/cb'], scope }, parseSettings({}), {
      allowEmptyGrantTypes: false,
    })

  test.each(['openid  profile', ' openid profile', 'openid profile   ', 'openid profile openid'])(
    '"%s" is registered with single spaces',
    (scope) => {
      expect(parse(scope)).toHaveProperty('scope', 'openid profile')
    },
  )

  test.each([' ', '   '])('"%s" has no scope and is omitted', (scope) => {
    expect(parse(scope)).not.toHaveProperty('scope')
  })

  test('a list is rejected with words that name it', () => {
    expect(() => parse(['openid', 'profile'])).toThrow(
      'invalid_client_metadata: scope: expected scope tokens separated by spaces, in one string, not a list',
    )
  })
})
