import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../lib/json.ts'
import { cibaGrant, deviceGrant } from '../../../lib/metadata/grants.ts'
import { parseClientMetadata } from '../../../lib/metadata/parse-client-metadata.ts'
import { parseSettings, type SettingsInput } from '../../../lib/settings/settings.ts'
import { jwks } from './example.ts'

const metadata: NonNullable<SettingsInput['metadata']> = {
  grantTypes: ['authorization_code', 'client_credentials', deviceGrant, cibaGrant],
}
const redirect_uris = ['https://client.example/cb']
const profile = 'oidc-provider'

const register = (sent: JsonObject, settings: SettingsInput) =>
  parseClientMetadata({ redirect_uris, ...sent }, parseSettings(settings), {
    allowEmptyGrantTypes: false,
  })

const native = (...uris: string[]) => ({ application_type: 'native', redirect_uris: uris })
const pairwise = (...hosts: string[]) => ({
  subject_type: 'pairwise',
  redirect_uris: hosts.map((host) => `https://${host}/cb`),
})
const keyed = { token_endpoint_auth_method: 'private_key_jwt' }
const jwks_uri = 'https://client.example/jwks'
const sector_identifier_uri = 'https://client.example/sector'
const device = {
  ...pairwise('a.example'),
  ...keyed,
  grant_types: ['authorization_code', deviceGrant],
}
const ciba = {
  ...device,
  grant_types: ['authorization_code', cibaGrant],
  backchannel_token_delivery_mode: 'poll',
}
const sectorMessage =
  'sector_identifier_uri: needed for subject_type pairwise with these redirect URIs and grant types'
const keysMessage = 'jwks_uri: needed for subject_type pairwise with these grant types'

describe('a client that oidc-provider could not load is rejected under its profile', () => {
  test.each<[JsonObject, string]>([
    [{ contacts: ['Help a@client.example'] }, 'contacts: expected e-mail addresses'],
    [{ contacts: ['a@client.example (help)'] }, 'contacts: expected e-mail addresses'],
    [
      { application_type: 'web', redirect_uris: ['x-https:/cb'] },
      'redirect_uris: item 1: expected application_type native beside a private-use scheme',
    ],
    [{ contacts: ['a@client.example', 'Help desk'] }, 'contacts: expected e-mail addresses'],
    [
      { application_type: 'web', redirect_uris: [...redirect_uris, 'com.example:/cb'] },
      'redirect_uris: item 2: expected application_type native beside a private-use scheme',
    ],
    [
      native('com.example:/cb', 'http://127.0.0.2/cb'),
      'redirect_uris: item 2: expected http on localhost, 127.0.0.1, [::1] only',
    ],
    [native('https://localhost/cb'), 'redirect_uris: item 1: expected http on loopback'],
    [
      { ...native('com.example:/cb'), post_logout_redirect_uris: ['https://[::1]/out'] },
      'post_logout_redirect_uris: item 1: expected http on loopback',
    ],
    [
      { jwks, userinfo_encrypted_response_alg: 'RSA-OAEP' },
      'userinfo_encrypted_response_alg: needs userinfo_signed_response_alg',
    ],
    [{ response_modes: [] }, 'response_modes: expected at least one'],
    [
      { ...keyed, signed_jwks_uri: jwks_uri },
      'token_endpoint_auth_method: private_key_jwt needs jwks or jwks_uri',
    ],
    [
      { signed_jwks_uri: jwks_uri, id_token_encrypted_response_alg: 'RSA-OAEP' },
      'id_token_encrypted_response_alg: needs jwks with a suitable key, or jwks_uri',
    ],
    [pairwise('a.example', 'a.example:8443'), sectorMessage],
    [{ ...device, jwks_uri }, sectorMessage],
    [{ ...device, jwks, sector_identifier_uri }, keysMessage],
    [{ ...ciba, jwks_uri }, sectorMessage],
    [{ ...ciba, jwks, sector_identifier_uri }, keysMessage],
  ])('%j', (sent, message) => {
    expect(() => register(sent, { profile, metadata })).toThrow(`: ${message}`)
    expect(register(sent, { metadata })).toBeDefined()
  })
})

describe('a client that oidc-provider can load is registered under its profile', () => {
  test.each<JsonObject>([
    {},
    { contacts: [] },
    { contacts: ['a.b+c@client.example', 'x@localhost'] },
    native('http://localhost/cb', 'http://127.0.0.1:8080/cb', 'http://[::1]/cb', 'com.example:/cb'),
    { ...native('https://app.example/cb'), post_logout_redirect_uris: ['http://localhost/out'] },
    { application_type: 'web', redirect_uris: ['http://localhost/cb', 'https://a.example/'] },
    { jwks, userinfo_encrypted_response_alg: 'RSA-OAEP', userinfo_signed_response_alg: 'RS256' },
    { userinfo_signed_response_alg: 'RS256' },
    { response_modes: ['query'] },
    pairwise('a.example'),
    { ...pairwise('a.example', 'b.example'), sector_identifier_uri },
    { ...pairwise('a.example'), grant_types: ['client_credentials'], response_types: [] },
    { ...device, jwks_uri, sector_identifier_uri },
    { ...device, jwks_uri, grant_types: [deviceGrant], response_types: [] },
    { ...device, subject_type: 'public', jwks },
  ])('%j', (sent) => {
    expect(register(sent, { profile, metadata })).toMatchObject(sent)
  })
})
