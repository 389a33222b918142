import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../lib/json.ts'
import { parseClientMetadata } from '../../../lib/metadata/parse-client-metadata.ts'
import { parseSettings, type SettingsInput } from '../../../lib/settings/settings.ts'

const loopback = 'http://127.0.0.1:8080/cb'
const web = 'https://client.example/cb'
const isPublic = { token_endpoint_auth_method: 'none' }
const sharing: SettingsInput = { registration: 'dynamic', sharing: 'public' }

const typeOf = (sent: JsonObject, settings: SettingsInput) =>
  parseClientMetadata(sent, parseSettings(settings), { allowEmptyGrantTypes: false })
    .application_type

describe('the default application_type', () => {
  test.each<[string, JsonObject, SettingsInput]>([
    ['has a redirect URI of a private-use scheme', { redirect_uris: ['com.example.app:/cb'] }, {}],
    [
      'is public and redirects to loopback, where clients are shared',
      { ...isPublic, redirect_uris: [loopback] },
      sharing,
    ],
    [
      'is public and also redirects to loopback, where clients are shared and claim https',
      { ...isPublic, redirect_uris: [web, loopback] },
      sharing,
    ],
    [
      'is public and redirects to loopback only, where clients are shared and claim no https',
      { ...isPublic, redirect_uris: [loopback] },
      { ...sharing, metadata: { redirectUris: { claimedHttps: false } } },
    ],
  ])('is native for a client that %s', (_, sent, settings) => {
    expect(typeOf(sent, settings)).toBe('native')
  })

  test.each<[string, JsonObject, SettingsInput]>([
    ['redirects to https', { redirect_uris: [web] }, {}],
    ['redirects to loopback', { ...isPublic, redirect_uris: [loopback] }, {}],
    ['has a secret, where public clients are shared', { redirect_uris: [loopback] }, sharing],
    [
      'redirects to https, where public clients are shared',
      { ...isPublic, redirect_uris: [web] },
      sharing,
    ],
    [
      'also redirects to https, where clients are shared and claim no https',
      { ...isPublic, redirect_uris: [web, loopback] },
      { ...sharing, metadata: { redirectUris: { claimedHttps: false } } },
    ],
    [
      'has no redirect URI, where public clients are shared',
      { ...isPublic, grant_types: ['urn:ietf:params:oauth:grant-type:device_code'] },
      {
        ...sharing,
        metadata: {
          grantTypes: ['authorization_code', 'urn:ietf:params:oauth:grant-type:device_code'],
        },
      },
    ],
    [
      'gets tokens without a code',
      { redirect_uris: [web], response_types: ['id_token'] },
      { metadata: { grantTypes: ['implicit'], responseTypes: ['id_token'] } },
    ],
  ])('is web for a client that %s', (_, sent, settings) => {
    expect(typeOf(sent, settings)).toBe('web')
  })
})
