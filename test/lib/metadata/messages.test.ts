import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../lib/json.ts'
import { parseClientMetadata } from '../../../lib/metadata/parse-client-metadata.ts'
import { parseSettings, type SettingsInput } from '../../../lib/settings/settings.ts'
import { ecKey, okpKey, rsaKey } from './example.ts'

/** The description that a client's developer reads; undefined if the client is registered. */
function problem(sent: JsonObject, settings: SettingsInput = {}): string | undefined {
  const body = { redirect_uris: ['https://client.example/cb'], ...sent }
  try {
    parseClientMetadata(body, parseSettings(settings), { allowEmptyGrantTypes: false })
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

const invalid = (text: string) => `invalid_client_metadata: ${text}`
const key = (text: string) => invalid(`jwks: key 1: ${text}`)
const base64url = (bytes: number, first = 0x80) => {
  const octets = Buffer.alloc(bytes, 1)
  octets[0] = first
  return octets.toString('base64url')
}

describe('a key of a key set', () => {
  const [crv, coordinates] = [
    'expected crv to be one of P-256, P-384, P-521, secp256k1',
    'expected coordinates of 32 octets in base64url',
  ]
  const exponent = 'expected an odd e above 1 in base64url'
  const modulus = 'expected an RSA modulus of at least 2048 bits in base64url'
  const x5c = 'expected x5c to be an array of certificates in base64'

  test.each<[unknown, string]>([
    ['RSA', 'expected an object with kty'],
    [{}, 'expected an object with kty'],
    [{ kty: 1 }, 'expected an object with kty'],
    [{ kty: 'oct' }, 'expected a public key, without private members'],
    [{ kty: 'AKP', priv: 'AA' }, 'expected a public key, without private members'],
    [{ ...rsaKey, kid: '' }, 'expected kid and alg to be non-empty strings'],
    [{ ...rsaKey, kid: 7 }, 'expected kid and alg to be non-empty strings'],
    [{ ...rsaKey, alg: '' }, 'expected kid and alg to be non-empty strings'],
    [{ ...rsaKey, use: 'both' }, 'expected use to be sig or enc'],
    [
      { ...rsaKey, use: 'sig', key_ops: ['verify', 'encrypt'] },
      'expected key_ops to be among verify, each once',
    ],
    [
      { ...rsaKey, use: 'enc', key_ops: ['encrypt', 'verify'] },
      'expected key_ops to be among encrypt, wrapKey, deriveKey, deriveBits, each once',
    ],
    [
      { ...rsaKey, key_ops: ['verify', 'sign'] },
      'expected key_ops to be among verify, encrypt, wrapKey, deriveKey, deriveBits, each once',
    ],
    [
      { ...rsaKey, use: 'sig', key_ops: ['verify', 'verify'] },
      'expected key_ops to be among verify, each once',
    ],
    [{ ...rsaKey, x5c: [] }, x5c],
    [{ ...rsaKey, x5c: ['AAAA', 'A-_A'] }, x5c],
    [{ ...rsaKey, x5c: ['AAAA', 7] }, x5c],
    [{ ...rsaKey, x5c: 'AAAA' }, x5c],
    [{ ...ecKey, crv: 'Ed25519' }, crv],
    [{ ...ecKey, crv: ['P-256'] }, crv],
    [{ ...ecKey, crv: undefined }, crv],
    [{ ...okpKey, crv: 'P-256' }, 'expected crv to be one of Ed25519, X25519, Ed448, X448'],
    [{ ...ecKey, y: undefined }, coordinates],
    [{ ...ecKey, x: ecKey.x.slice(2) }, coordinates],
    [{ ...ecKey, y: `${ecKey.y}AA` }, coordinates],
    [{ ...okpKey, x: `${okpKey.x}AA` }, coordinates],
    [{ ...rsaKey, e: 'AQ' }, exponent],
    [{ ...rsaKey, e: 'Ag' }, exponent],
    [{ ...rsaKey, e: undefined }, exponent],
    [{ ...rsaKey, e: '' }, exponent],
    [{ ...rsaKey, e: base64url(9) }, exponent],
    [{ ...rsaKey, e: 'AQA=' }, exponent],
    [{ ...rsaKey, n: undefined }, modulus],
    [{ ...rsaKey, n: base64url(256, 0x7f) }, modulus],
    [{ ...rsaKey, n: base64url(257, 0) }, modulus],
    [{ ...rsaKey, n: base64url(2049, 1) }, modulus],
    [{ ...rsaKey, n: `${rsaKey.n}.` }, modulus],
    [{ ...rsaKey, n: `.${rsaKey.n}` }, modulus],
    [{ ...rsaKey, n: `${base64url(258)}A` }, modulus],
    [{ ...rsaKey, x5u: 'http://client.example/' }, 'x5u: expected an https URL without fragment'],
    [
      { ...rsaKey, x5u: 'https://localhost/' },
      'x5u: expected a public host, not localhost or a special-use address',
    ],
  ])('is rejected if it is %j', (sent, message) => {
    // JSON has no undefined members.
    const keys = JSON.parse(JSON.stringify([sent]))
    expect(problem({ jwks: { keys } })).toBe(key(message))
  })

  test.each<JsonObject>([
    { ...rsaKey, e: 'Aw' },
    { ...rsaKey, e: base64url(8) },
    { ...rsaKey, n: base64url(256) },
    { ...rsaKey, n: base64url(2048, 0xff) },
    { ...rsaKey, use: 'enc', key_ops: ['encrypt', 'wrapKey'] },
    { ...rsaKey, key_ops: ['verify', 'encrypt'] },
    { ...rsaKey, key_ops: [] },
    { ...rsaKey, x5c: ['AAAA', 'AAA=', 'AAAAAA=='].slice(0, 1) },
    { ...rsaKey, x5u: 'https://client.example/certificate' },
  ])('is registered if it is %j', (sent) => {
    expect(problem({ jwks: { keys: [sent] } })).toBeUndefined()
  })

  test('has a use where some keys sign and some encrypt', () => {
    const [signing, encrypting] = [
      { ...rsaKey, use: 'sig' },
      { ...ecKey, use: 'enc' },
    ]
    const message = 'jwks: expected use on every key where some sign and some encrypt'
    expect(problem({ jwks: { keys: [signing, encrypting, okpKey] } })).toBe(invalid(message))
    for (const keys of [
      [signing, okpKey],
      [encrypting, okpKey],
      [signing, encrypting],
    ])
      expect(problem({ jwks: { keys } })).toBeUndefined()
    expect(problem({ jwks: { keys: [rsaKey, rsaKey] } })).toBe(
      invalid('jwks: expected each kid once'),
    )
  })
})

describe('a redirect URI', () => {
  const redirect = (text: string) => `invalid_redirect_uri: redirect_uris: item 1: ${text}`

  test.each([
    ['client.example:8080/cb', 'expected a scheme before the host, such as https://'],
    ['localhost:8/cb', 'expected a scheme before the host, such as https://'],
    ['localhost:8080', 'expected a scheme before the host, such as https://'],
    ['javascript:alert(1)', 'expected https, loopback http or a private-use scheme'],
    ['https://client.example/#', 'expected no fragment'],
    ['com.example:/#a', 'expected no fragment'],
    ['https://user@client.example/', 'expected no username or password'],
    ['https://@client.example/', 'expected no username or password'],
    ['com.example://user@host/', 'expected no username or password'],
    ['com.example://:secret@host/', 'expected no username or password'],
    ['com.example://@host/', 'expected no username or password'],
    ['com.example:', 'expected more than a scheme'],
    ['https://*.example/', 'wildcards are not allowed; expected each URI in full'],
    ['', 'expected an absolute URI'],
    ['/cb', 'expected an absolute URI'],
    ['https:/client.example', 'expected `scheme://host`'],
    ['https://client.example.', 'expected a host and port in their canonical spelling'],
    ['https://client.example:0443', 'expected a host and port in their canonical spelling'],
    ['https://client.example/a/../b', 'expected a path without dot segments'],
    ['https://client.example/ä', 'expected an absolute URI as RFC 3986 writes it'],
    ['https://client.example/%0d', 'expected no control characters'],
    [
      'http://client.example/',
      'expected https; http only on loopback: localhost, 127.0.0.1 or [::1]',
    ],
  ])('is rejected if it is %j', (uri, message) => {
    expect(problem({ redirect_uris: [uri] })).toBe(redirect(message))
  })

  test.each(['com.example:/a@b', 'com.example://host/a@b', 'https://client.example/a@b', 'x-y:a'])(
    'is registered if it is %j',
    (uri) => {
      expect(problem({ redirect_uris: [uri] })).toBeUndefined()
    },
  )

  test.each([
    ['https://localhost/cb', 'expected a host other than localhost for the implicit grant'],
    ['http://127.10.20.30/cb', 'expected https for the implicit grant'],
    [
      'com.example:/cb',
      'expected https for the implicit grant; a private-use scheme needs application_type native',
    ],
  ])('of the implicit grant is rejected if it is %j', (uri, message) => {
    const grant_types = ['implicit']
    const settings: SettingsInput = {
      metadata: { grantTypes: ['implicit'], responseTypes: ['id_token'] },
    }
    const sent = {
      grant_types,
      response_types: ['id_token'],
      redirect_uris: ['https://a.example/', uri],
    }
    expect(problem({ ...sent, application_type: 'web' }, settings)).toBe(
      `invalid_redirect_uri: redirect_uris: item 2: ${message}`,
    )
  })

  test('is within the hosts and schemes of the settings', () => {
    const redirectUris = { hosts: ['a.example'], schemes: ['com.one', 'com.two'] }
    const settings = { metadata: { redirectUris } }
    const of = (uri: string) => problem({ redirect_uris: [uri] }, settings)
    expect(of('https://b.example/')).toBe(redirect('expected a host among a.example'))
    expect(of('com.three:/')).toBe(redirect('expected a scheme among https, com.one, com.two'))
    for (const uri of ['https://a.example/', 'http://localhost/', 'com.two:/'])
      expect(of(uri)).toBeUndefined()
  })

  test('has at most the length of the settings', () => {
    const settings = { limits: { uriLength: 100 } }
    const uri = 'https://client.example/'.padEnd(100, 'x')
    expect(problem({ redirect_uris: [uri] }, settings)).toBeUndefined()
    expect(problem({ redirect_uris: [`${uri}x`] }, settings)).toBe(
      redirect('expected at most 100 characters'),
    )
  })
})

describe('a value that the server does not support', () => {
  test.each<[JsonObject, SettingsInput, string]>([
    [
      { subject_type: 'pairwise' },
      { metadata: { subjectTypes: ['public'] } },
      'subject_type: not supported; supported: public',
    ],
    [
      { id_token_signed_response_alg: 'HS256' },
      { metadata: { idTokenSigningAlgs: ['RS256', 'ES256'] } },
      'id_token_signed_response_alg: not supported; supported: RS256, ES256',
    ],
    [
      { scope: 'c' },
      { metadata: { scopes: ['a', 'b'] } },
      'scope: none is supported; supported: a, b',
    ],
    [
      { grant_types: ['password'] },
      { metadata: { grantTypes: ['authorization_code', 'refresh_token'] } },
      'grant_types: none is supported; supported: authorization_code, refresh_token',
    ],
    [
      { grant_types: [] },
      { metadata: { grantTypes: ['authorization_code', 'refresh_token'] } },
      'grant_types: expected at least one of authorization_code, refresh_token',
    ],
    [{ scope: 'c' }, { metadata: { scopes: [] } }, 'scope: none is supported; supported: none'],
  ])('is rejected with those that it supports: %j', (sent, settings, message) => {
    expect(problem(sent, settings)).toBe(invalid(message))
  })
})

test.each<[JsonObject, SettingsInput, string]>([
  [{ response_types: ['edoc'] }, {}, 'response_types: none is supported; supported: code'],
  [
    { response_types: ['codeid_token'], grant_types: ['authorization_code', 'implicit'] },
    {
      metadata: {
        responseTypes: ['code', 'code id_token'],
        grantTypes: ['authorization_code', 'implicit'],
      },
    },
    'response_types: none is supported; supported: code, code id_token',
  ],
  [
    { grant_types: ['refresh_token', 'password'] },
    { metadata: { grantTypes: ['authorization_code', 'refresh_token'] } },
    'grant_types: none is supported; supported: authorization_code, refresh_token',
  ],
  [
    { token_endpoint_auth_method: 'none', request_object_encryption_alg: 'A256KW' },
    { metadata: { requestObjectEncryptionAlgs: ['A256KW'] } },
    'request_object_encryption_alg: an algorithm with a secret contradicts token_endpoint_auth_method none',
  ],
  [
    { vp_formats_supported: { jwt_vc_json: {}, ldp_vc: 1 } },
    {},
    'vp_formats_supported: expected an object of formats, each with an object of parameters',
  ],
])('%j is rejected', (sent, settings, message) => {
  expect(problem(sent, settings)).toBe(invalid(message))
})

test.each([
  ['unknown', 'unknown'],
  ['a.b:c#d-e', 'a.b:c#d-e'],
  ['x'.repeat(64), 'x'.repeat(64)],
  ['x'.repeat(65), 'a member'],
  ['<b> unknown', 'a member'],
  ['unknown ', 'a member'],
])('an unknown member %s is rejected as %s', (name, member) => {
  const settings = parseSettings({ metadata: { unknown: 'refuse' } })
  const register = () =>
    parseClientMetadata({ redirect_uris: ['https://client.example/cb'], [name]: 1 }, settings, {
      allowEmptyGrantTypes: false,
    })
  expect(register).toThrow(
    expect.objectContaining({ code: 'invalid_client_metadata', details: { member } }),
  )
})

describe('a software statement', () => {
  const settings: SettingsInput = {
    softwareStatement: { issuers: [{ issuer: 'https://i.example', jwks: { keys: [ecKey] } }] },
  }
  const encoded = (header: unknown) => Buffer.from(JSON.stringify(header)).toString('base64url')
  const signed = `${encoded({ alg: 'ES256' })}.e30.AA`
  const longest = `${signed.slice(0, -2)}${'A'.repeat(16_384 - signed.length + 2)}`

  test.each([signed, longest])('has the form of a signed JWT', (software_statement) => {
    expect(problem({ software_statement }, settings)).toBeUndefined()
  })

  test.each([
    `${longest}A`,
    `${encoded({ alg: 'none' })}.e30.AA`,
    `${encoded({ alg: '' })}.e30.AA`,
    `${encoded({ alg: 7 })}.e30.AA`,
    `${encoded(null)}.e30.AA`,
    'e30x.e30.AA',
    `${signed}.AA`,
    ` ${signed}`,
    `${signed} `,
    `${encoded({ alg: 'ES256' })}.e30.`,
    7,
  ])('does not have the form of %s', (software_statement) => {
    expect(problem({ software_statement }, settings)).toBe(
      'invalid_software_statement: software_statement: expected a signed JWT in compact form',
    )
  })
})

describe('JSON of any shape', () => {
  const settings: SettingsInput = {
    metadata: {
      unknown: {
        allow: { extra: { type: 'object' }, tier: { type: 'string', enum: ['gold', 'tin'] } },
      },
    },
    limits: { stringLength: 300 },
  }
  const nested = (depth: number): unknown => (depth === 1 ? {} : { a: nested(depth - 1) })
  const of = (extra: unknown) => problem({ extra }, settings)

  test('is at most eight levels deep', () => {
    expect(of(nested(8))).toBeUndefined()
    expect(of(nested(9))).toBe(invalid('extra: expected at most 8 levels'))
  })

  test('has at most 1000 values', () => {
    expect(of({ a: Array.from({ length: 998 }, () => true) })).toBeUndefined()
    expect(of({ a: Array.from({ length: 999 }, () => true) })).toBe(
      invalid('extra: expected at most 1000 values'),
    )
  })

  test('has strings of at most the length of the settings, and names of at most 256', () => {
    expect(of({ a: 'x'.repeat(300), ['x'.repeat(256)]: 1 })).toBeUndefined()
    expect(of({ a: 'x'.repeat(301) })).toBe(
      invalid('extra: expected strings of at most 300 characters'),
    )
    expect(of({ ['x'.repeat(257)]: 1 })).toBe(
      invalid('extra: expected strings of at most 256 characters'),
    )
  })

  test.each([0.5, 2e-9, 999_999_999.5, -0.5, 0, Number.MAX_SAFE_INTEGER])(
    'has the number %s',
    (a) => {
      expect(of({ a })).toBeUndefined()
    },
  )

  test.each([1e-9, 5e-10, 1e9 + 0.5, 2 ** 53])('does not have the number %s', (a) => {
    expect(of({ a })).toBe(invalid('extra: expected numbers of at most 15 digits'))
  })

  test('is one of the values that the settings list', () => {
    expect(problem({ tier: 'tin' }, settings)).toBeUndefined()
    expect(problem({ tier: 'brass' }, settings)).toBe(invalid('tier: expected one of gold, tin'))
  })
})
