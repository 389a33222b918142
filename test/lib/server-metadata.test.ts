import { describe, expect, test } from 'vitest'
import { serverMetadata } from '../../lib/server-metadata.ts'
import { parseSettings, type SettingsInput } from '../../lib/settings/settings.ts'

const published = (settings: SettingsInput = {}) =>
  serverMetadata({
    settings: parseSettings(settings),
    issuer: 'https://as.example',
    registrationEndpoint: 'https://as.example/register',
  })

const ciba = 'urn:openid:params:grant-type:ciba'

describe('RFC 8414 §2, OpenID Connect Discovery 1.0 §3', () => {
  test('what clients are judged by is published', () => {
    expect(published()).toEqual({
      issuer: 'https://as.example',
      registration_endpoint: 'https://as.example/register',
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
      response_types_supported: ['code'],
      subject_types_supported: ['public', 'pairwise'],
      token_endpoint_auth_methods_supported: [
        'client_secret_basic',
        'client_secret_post',
        'private_key_jwt',
        'none',
      ],
      token_endpoint_auth_signing_alg_values_supported: expect.arrayContaining(['ES256']),
      id_token_signing_alg_values_supported: expect.arrayContaining(['RS256']),
    })
  })

  test('each list is published under its name, and empty ones are not', () => {
    const metadata = {
      scopes: ['a'],
      acrValues: ['x'],
      userinfoEncryptionEncs: ['A256GCM'] as ['A256GCM'],
      authorizationDetailsTypes: [],
      requirePushedAuthorizationRequests: true,
    }
    const answer = published({ metadata })
    expect(answer).toMatchObject({
      scopes_supported: ['a'],
      acr_values_supported: ['x'],
      userinfo_encryption_enc_values_supported: ['A256GCM'],
      require_pushed_authorization_requests: true,
    })
    expect(answer).not.toHaveProperty('authorization_details_types_supported')
  })

  test('client_secret_jwt brings the MACs that the secret is long enough for', () => {
    const metadata = { tokenEndpointAuthMethods: ['client_secret_jwt'] }
    expect(published({ metadata, clientSecret: { bytes: 48 } })).toMatchObject({
      token_endpoint_auth_signing_alg_values_supported: ['HS256', 'HS384'],
    })
  })

  test('CIBA is published where its grant is supported', () => {
    expect(published({ metadata: { grantTypes: [ciba] } })).toMatchObject({
      backchannel_token_delivery_modes_supported: ['poll', 'ping', 'push'],
    })
  })

  test('response types whose grants are not supported are not published', () => {
    const metadata = { responseTypes: ['code', 'code id_token'] }
    expect(published({ metadata })).toMatchObject({ response_types_supported: ['code'] })
  })

  test('a list in discovery counts like the setting', () => {
    const discovery = { id_token_signing_alg_values_supported: ['ES256'], jwks_uri: 'https://a/' }
    expect(published({ discovery })).toMatchObject(discovery)
  })

  test('registration_endpoint is not published where registration is disabled', () => {
    expect(published({ registration: 'disabled' })).not.toHaveProperty('registration_endpoint')
  })
})
