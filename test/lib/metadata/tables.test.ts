import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../lib/json.ts'
import { deviceGrant } from '../../../lib/metadata/grants.ts'
import { parseClientMetadata } from '../../../lib/metadata/parse-client-metadata.ts'
import { isSuitableKey } from '../../../lib/metadata/rules/algorithms.ts'
import { parseSettings, type SettingsInput } from '../../../lib/settings/settings.ts'
import { ecKey, jwks, rsaKey } from './example.ts'

const register = (sent: JsonObject, settings: SettingsInput = {}) =>
  parseClientMetadata(
    { redirect_uris: ['https://client.example/cb'], ...sent },
    parseSettings(settings),
    { allowEmptyGrantTypes: false },
  )

describe('a key for an algorithm', () => {
  const kinds = [
    'RSA',
    'P-256',
    'P-384',
    'P-521',
    'Ed25519',
    'Ed448',
    'X25519',
    'X448',
    'secp256k1',
  ]
  const key = (kind: string) => (kind === 'RSA' ? { kty: 'RSA' } : { kty: 'EC', crv: kind })
  const agreement = ['P-256', 'P-384', 'P-521', 'X25519', 'X448']

  test.each<[string, readonly string[]]>([
    ['RS256', ['RSA']],
    ['PS512', ['RSA']],
    ['RSA-OAEP-256', ['RSA']],
    ['ES256', ['P-256']],
    ['ES384', ['P-384']],
    ['ES512', ['P-521']],
    ['EdDSA', ['Ed25519', 'Ed448']],
    ['Ed25519', ['Ed25519']],
    ['ECDH-ES', agreement],
    ['ECDH-ES+A256KW', agreement],
  ])('%s is one of %j', (alg, suitable) => {
    expect(kinds.filter((kind) => isSuitableKey(key(kind), alg))).toEqual(suitable)
    expect(isSuitableKey({ kty: 'EC' }, alg)).toBe(false)
  })

  test.each([
    ['RS256', 'sig', { kty: 'RSA' }],
    ['PS256', 'sig', { kty: 'RSA' }],
    ['ES256', 'sig', { kty: 'EC', crv: 'P-256' }],
    ['EdDSA', 'sig', { kty: 'OKP', crv: 'Ed25519' }],
    ['RSA-OAEP', 'enc', { kty: 'RSA' }],
    ['ECDH-ES', 'enc', { kty: 'EC', crv: 'P-256' }],
  ])('%s is not reserved for another use than %s, nor for another algorithm', (alg, use, type) => {
    expect(isSuitableKey({ ...type, use }, alg)).toBe(true)
    expect(isSuitableKey({ ...type, use: use === 'sig' ? 'enc' : 'sig' }, alg)).toBe(false)
    expect(isSuitableKey({ ...type, alg }, alg)).toBe(true)
    expect(isSuitableKey({ ...type, alg: 'RS384' }, alg)).toBe(false)
  })
})

describe('a key of a key set', () => {
  test.each(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'])(
    'is rejected with the private member %s',
    (member) => {
      expect(() => register({ jwks: { keys: [{ ...rsaKey, [member]: 'AQAB' }] } })).toThrow(
        'jwks: key 1: expected a public key, without private members',
      )
    },
  )

  test.each(['AAAA', 'AAAAAAAA', 'AAAAAA==', 'AAAAAAA=', '+/+/'])(
    'has the certificate %s in base64',
    (certificate) => {
      expect(register({ jwks: { keys: [{ ...rsaKey, x5c: [certificate] }] } })).toBeDefined()
    },
  )

  test.each([
    'A',
    'AAA',
    'AAAA.',
    '.AAAA',
    'AAAAA===',
    'AAAA.A==',
    'AAAAA.A=',
    'AAAAA=',
    'AAAAA==',
  ])('does not have the certificate %s, which is no base64', (certificate) => {
    expect(() => register({ jwks: { keys: [{ ...rsaKey, x5c: [certificate] }] } })).toThrow('x5c')
  })
})

test.each(['redirect_uris', 'post_logout_redirect_uris', 'request_uris', 'claims_redirect_uris'])(
  '%s has at most as many URIs as the settings say',
  (name) => {
    const uris = Array.from({ length: 91 }, (_, index) => `https://client.example/${index}`)
    for (const redirectUris of [3, 90]) {
      const settings = { limits: { redirectUris } }
      expect(register({ [name]: uris.slice(0, redirectUris) }, settings)).toBeDefined()
      expect(() => register({ [name]: uris.slice(0, redirectUris + 1) }, settings)).toThrow(
        `${name}: expected at most ${redirectUris} items`,
      )
    }
  },
)

test.each([
  'ftp://localhost/http:',
  'http://localhost/#',
  'http://client.example/https:',
  'https://client.example/#',
])('a client is not called at %s', (uri) => {
  const settings = { metadata: { allowInternalHosts: true } }
  for (const name of ['frontchannel_logout_uri', 'backchannel_logout_uri'])
    expect(() => register({ [name]: uri }, settings)).toThrow(
      `${name}: expected an https URL without fragment, or http on loopback`,
    )
})

test('plain http is for loopback at logout, and for signed request objects', () => {
  const settings = { metadata: { allowInternalHosts: true } }
  expect(() => register({ backchannel_logout_uri: 'http://localhost/https:' }, settings)).toThrow(
    'backchannel_logout_uri: expected https, or scheme, host and port of one of the redirect_uris',
  )
  const request_uris = ['http://client.example/https:']
  expect(() => register({ request_uris })).toThrow(
    'request_uris: expected https URLs where request objects are not signed',
  )
  const signed = { request_uris, jwks, request_object_signing_alg: 'RS256' }
  expect(register(signed)).toMatchObject({ request_uris })
})

describe('a certificate subject', () => {
  const settings = { metadata: { tokenEndpointAuthMethods: ['tls_client_auth'] } }
  const subject = (name: string, value: unknown) =>
    register({ token_endpoint_auth_method: 'tls_client_auth', [name]: value }, settings)

  test.each([
    ['tls_client_auth_san_ip', '::1'],
    ['tls_client_auth_san_ip', '2001:DB8::192.0.2.1'],
    ['tls_client_auth_san_ip', '249.199.99.9'],
    ['tls_client_auth_san_email', 'ab@client.example'],
  ])('%s may be %s', (name, value) => {
    expect(subject(name, value)).toHaveProperty(name, value)
  })

  test.each([
    ['tls_client_auth_san_ip', '1.2.3.4.5', 'an IPv4 or IPv6 address'],
    ['tls_client_auth_san_ip', '24a.1.1.1', 'an IPv4 or IPv6 address'],
    ['tls_client_auth_san_ip', '::1]:80/[', 'an IPv4 or IPv6 address'],
    ['tls_client_auth_san_ip', ['::1'], 'an IPv4 or IPv6 address'],
    ['tls_client_auth_san_email', '@client.example', 'an email address'],
    ['tls_client_auth_san_dns', 'a..b', 'a DNS name'],
    ['tls_client_auth_subject_dn', 'CN', 'a distinguished name as RFC 4514 writes it'],
  ])('%s cannot be %j', (name, value, expected) => {
    expect(() => subject(name, value)).toThrow(`: ${name}: expected ${expected}`)
  })

  test('is one alone', () => {
    expect(() => register({ token_endpoint_auth_method: 'tls_client_auth' }, settings)).toThrow(
      'tls_client_auth needs exactly one of tls_client_auth_subject_dn, tls_client_auth_san_dns, tls_client_auth_san_uri, tls_client_auth_san_ip, tls_client_auth_san_email',
    )
  })
})

test.each([
  ['Mongolian', '\u1820\u180B'],
  ['Javanese', '\uA984\u200D\uA985'],
])('a name in %s has the invisible characters that its letters need', (_, client_name) => {
  expect(register({ client_name })).toMatchObject({ client_name })
})

test('a web client is one without a private-use scheme, whatever the path', () => {
  const of = (uri: string) => register({ redirect_uris: [uri] }).application_type
  expect(of('com.example:/http:')).toBe('native')
  expect(of('https://client.example/com.example:')).toBe('web')
})

describe('a default', () => {
  const grants = (...grantTypes: string[]): SettingsInput => ({ metadata: { grantTypes } })

  test('grant type is authorization_code, or the first that the server supports', () => {
    expect(register({}, grants('client_credentials', 'authorization_code'))).toMatchObject({
      grant_types: ['authorization_code'],
    })
    expect(register({}, grants('client_credentials', 'refresh_token'))).toMatchObject({
      grant_types: ['client_credentials'],
      response_types: [],
    })
  })

  test('of the grant types is what any of the response types needs', () => {
    const responseTypes = ['code', 'id_token']
    const grantTypes = ['authorization_code', 'implicit', 'refresh_token']
    const settings = { metadata: { responseTypes, grantTypes } }
    expect(register({ response_types: responseTypes }, settings)).toMatchObject({
      grant_types: ['authorization_code', 'implicit'],
    })
  })

  test('method is client_secret_basic, or the first that the server supports', () => {
    const of = (...tokenEndpointAuthMethods: string[]) =>
      register({}, { metadata: { tokenEndpointAuthMethods } }).token_endpoint_auth_method
    expect(of('client_secret_post', 'client_secret_basic')).toBe('client_secret_basic')
    expect(of('client_secret_post', 'none')).toBe('client_secret_post')
  })

  test('content encryption is A128CBC-HS256, or the first that the server supports', () => {
    const sent = { jwks, id_token_encrypted_response_alg: 'RSA-OAEP' }
    const enc = 'id_token_encrypted_response_enc'
    expect(register(sent)).toHaveProperty(enc, 'A128CBC-HS256')
    const of = (...idTokenEncryptionEncs: 'A256GCM'[]) =>
      register(sent, { metadata: { idTokenEncryptionEncs } })
    expect(of('A256GCM')).toHaveProperty(enc, 'A256GCM')
    const encs: ('A256GCM' | 'A128CBC-HS256')[] = ['A256GCM', 'A128CBC-HS256']
    expect(register(sent, { metadata: { idTokenEncryptionEncs: encs } })).toHaveProperty(
      enc,
      'A128CBC-HS256',
    )
    expect(register({ ...sent, [enc]: 'A192GCM' })).toHaveProperty(enc, 'A192GCM')
    expect(register({})).not.toHaveProperty(enc)
  })

  test('of the server is registered only where the client sends no value of its own', () => {
    const settings: SettingsInput = { metadata: { idTokenSigningAlgs: ['ES256', 'PS256'] } }
    const alg = 'id_token_signed_response_alg'
    expect(register({}, settings)).toHaveProperty(alg, 'ES256')
    expect(register({ [alg]: 'PS256' }, settings)).toHaveProperty(alg, 'PS256')
    expect(register({})).not.toHaveProperty(alg)
  })

  test('leaves a public client its other grant types without client_credentials', () => {
    const grant_types = ['authorization_code', 'client_credentials', 'refresh_token']
    expect(register({ token_endpoint_auth_method: 'none', grant_types })).toMatchObject({
      grant_types: ['authorization_code', 'refresh_token'],
    })
  })
})

describe('what the server supports', () => {
  test('are MACs that the length of its secrets allows', () => {
    const of = (bytes: number, alg: string) =>
      register(
        { token_endpoint_auth_method: 'client_secret_jwt', token_endpoint_auth_signing_alg: alg },
        {
          clientSecret: { bytes },
          metadata: { tokenEndpointAuthMethods: ['client_secret_jwt'] },
        },
      )
    expect(of(32, 'HS256')).toMatchObject({ token_endpoint_auth_signing_alg: 'HS256' })
    expect(() => of(32, 'HS384')).toThrow('not supported; supported: HS256')
    expect(of(48, 'HS384')).toMatchObject({ token_endpoint_auth_signing_alg: 'HS384' })
  })

  test('are no algorithms of assertions where it supports no method with assertions', () => {
    const settings = { metadata: { tokenEndpointAuthMethods: ['client_secret_basic'] } }
    expect(register({ token_endpoint_auth_signing_alg: 'RS256' }, settings)).not.toHaveProperty(
      'token_endpoint_auth_signing_alg',
    )
  })

  test('are response types whose grants it supports, all of them', () => {
    const settings = {
      metadata: { responseTypes: ['code', 'code id_token'], grantTypes: ['authorization_code'] },
    }
    expect(() => register({ response_types: ['code id_token'] }, settings)).toThrow(
      'response_types: none is supported; supported: code',
    )
  })

  test('is not a list in its metadata that has other values than strings', () => {
    const of = (scopes_supported: unknown) =>
      register({ scope: 'a b' }, { discovery: { scopes_supported } }).scope
    expect(of(['a', 'c'])).toBe('a')
    for (const other of [['a', 7], 'a', undefined]) expect(of(other)).toBe('a b')
  })
})

describe('members that contradict each other', () => {
  const rejecting = (metadata: SettingsInput['metadata'] = {}): SettingsInput => ({
    metadata: { unsupported: 'refuse', ...metadata },
  })
  const methods = [
    'client_secret_basic',
    'client_secret_jwt',
    'private_key_jwt',
    'self_signed_tls_client_auth',
  ]
  const hybrid: SettingsInput['metadata'] = {
    responseTypes: ['code', 'code token', 'code id_token'],
    grantTypes: ['authorization_code', 'implicit'],
  }
  const grant_types = ['authorization_code', 'implicit']

  test.each<[JsonObject, string]>([
    [
      {
        jwks,
        token_endpoint_auth_method: 'client_secret_jwt',
        token_endpoint_auth_signing_alg: 'RS256',
      },
      'token_endpoint_auth_signing_alg: expected an algorithm for client_secret_jwt',
    ],
    [
      {
        jwks,
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'HS256',
      },
      'token_endpoint_auth_signing_alg: expected an algorithm for private_key_jwt',
    ],
    [
      {
        jwks,
        token_endpoint_auth_method: 'client_secret_basic',
        token_endpoint_auth_signing_alg: 'RS256',
      },
      'token_endpoint_auth_signing_alg: expected private_key_jwt or client_secret_jwt beside it',
    ],
  ])('are rejected: %j', (sent, message) => {
    const settings = rejecting({ tokenEndpointAuthMethods: methods })
    expect(() => register(sent, settings)).toThrow(`invalid_client_metadata: ${message}`)
  })

  test('are rejected for one response type among several', () => {
    const sent = { grant_types, response_types: ['code', 'code token'] }
    expect(() =>
      register({ ...sent, dpop_bound_access_tokens: true }, { metadata: hybrid }),
    ).toThrow('response_types: token cannot be bound to its sender')
  })

  test('are an unsigned ID Token and one response type among several that returns it', () => {
    const idTokenSigningAlgs: ('RS256' | 'none')[] = ['RS256', 'none']
    const settings = { metadata: { ...hybrid, idTokenSigningAlgs } }
    const of = (...response_types: string[]) =>
      register({ grant_types, response_types, id_token_signed_response_alg: 'none' }, settings)
    expect(of('code', 'code token')).toBeDefined()
    expect(() => of('code', 'code id_token')).toThrow(
      'id_token_signed_response_alg: none needs response types without id_token',
    )
  })

  test('are not rejected where one key of several has a certificate', () => {
    const settings = rejecting({ tokenEndpointAuthMethods: methods })
    const of = (...keys: object[]) =>
      register(
        { token_endpoint_auth_method: 'self_signed_tls_client_auth', jwks: { keys } },
        settings,
      )
    expect(of({ ...rsaKey, x5c: ['AAAA'] }, ecKey)).toBeDefined()
    expect(() => of(rsaKey, ecKey)).toThrow('expected a key with x5c')
  })

  test('are redirect URIs on two hosts of a pairwise client, on loopback too', () => {
    const pairwise = (...redirect_uris: string[]) =>
      register({ subject_type: 'pairwise', redirect_uris })
    expect(() => pairwise('http://localhost/cb', 'http://127.0.0.1/cb')).toThrow(
      'sector_identifier_uri: needed for subject_type pairwise with several hosts in redirect_uris',
    )
    expect(pairwise('http://localhost/a', 'http://localhost:8080/b')).toBeDefined()
  })
})

test('a pairwise client without redirect URIs authenticates by a key', () => {
  const settings = { metadata: { grantTypes: [deviceGrant] } }
  const sent = { grant_types: [deviceGrant], redirect_uris: [], subject_type: 'pairwise' }
  expect(() => register({ ...sent, jwks_uri: 'https://client.example/jwks' }, settings)).toThrow(
    'subject_type: pairwise needs token_endpoint_auth_method private_key_jwt or self_signed_tls_client_auth for these grant types',
  )
})

test('a custom member obeys its declaration', () => {
  const allow: Extract<NonNullable<SettingsInput['metadata']>['unknown'], object>['allow'] = {
    level: { type: 'integer' },
    tier: { type: 'string', maxLength: 3 },
    free: { type: 'string' },
    any: { type: 'object' },
  }
  const settings = { metadata: { unknown: { allow } } }
  const custom = { level: 7, tier: 'abc', free: 'abcd' }
  expect(register(custom, settings)).toMatchObject(custom)
  expect(() => register({ any: 7 }, settings)).toThrow('any: expected an object')
  expect(() => register({ level: 7.5 }, settings)).toThrow('level: expected a whole number')
  expect(() => register({ tier: 'abcd' }, settings)).toThrow('tier: expected at most 3 characters')
  expect(() => register({ tier: '' }, settings)).toThrow('tier: expected')
})
