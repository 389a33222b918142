import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../lib/json.ts'
import { parseClientMetadata } from '../../../lib/metadata/parse-client-metadata.ts'
import { parseSettings, type SettingsInput } from '../../../lib/settings/settings.ts'
import { jwks, redirect_uris } from './example.ts'

type Metadata = NonNullable<SettingsInput['metadata']>

const parse = (sent: JsonObject, metadata: Metadata = {}) =>
  parseClientMetadata({ redirect_uris, ...sent }, parseSettings({ metadata }), {
    allowEmptyGrantTypes: false,
  })

describe("metadata.unsupported: 'narrow'", () => {
  test.each([
    ['grant_types', ['authorization_code', 'password'], ['authorization_code']],
    ['response_types', ['code', 'token'], ['code']],
    ['token_endpoint_auth_method', 'client_secret_jwt', 'client_secret_basic'],
    ['scope', 'a b c', 'a b'],
    ['default_acr_values', ['x', 'y'], ['x']],
    ['authorization_details_types', ['p', 'q'], ['p']],
  ])(
    'of %s, what is not supported is dropped, and the answer says so',
    (name, sent, registered) => {
      const settings = { scopes: ['a', 'b'], acrValues: ['x'], authorizationDetailsTypes: ['p'] }
      expect(parse({ [name]: sent }, settings)).toHaveProperty([name], registered)
      expect(() => parse({ [name]: sent }, { ...settings, unsupported: 'refuse' })).toThrow(
        new RegExp(`${name}: .*not supported; supported: `),
      )
    },
  )

  test.each([
    { grant_types: ['password'] },
    { grant_types: ['password', 'refresh_token'] },
    { response_types: ['token'] },
    { scope: 'c' },
    { default_acr_values: ['z'] },
  ])('a client with %j is rejected, because nothing of use is left', (sent) => {
    expect(() => parse(sent, { scopes: ['a'], acrValues: ['x'] })).toThrow(/none is supported/)
  })

  test.each([
    { id_token_signed_response_alg: 'HS256' },
    { id_token_encrypted_response_alg: 'RSA1_5', jwks },
    { request_object_signing_alg: 'none' },
    { subject_type: 'pairwise' },
  ])('a client with %j is rejected, because dropping it would weaken the client', (sent) => {
    expect(() => parse(sent, { subjectTypes: ['public'] })).toThrow(/not supported; supported: /)
  })

  test.each([
    [['implict', 'client_credentials'], ['id_token'], ['client_credentials', 'implicit']],
    [['refresh_token'], ['code'], ['refresh_token', 'authorization_code']],
    [['authorization_code'], ['code id_token'], ['authorization_code', 'implicit']],
    [['authorization_code'], ['code'], ['authorization_code']],
  ])(
    'a client with %j gets the grant that %j needs, and the answer says so',
    (sent, types, all) => {
      const settings: Metadata = {
        grantTypes: ['authorization_code', 'implicit', 'client_credentials', 'refresh_token'],
        responseTypes: ['code', 'id_token', 'code id_token'],
      }
      const client = { grant_types: sent, response_types: types }
      expect(parse(client, settings)).toMatchObject({ grant_types: all, response_types: types })
      if (sent.length === all.length) return
      expect(() => parse(client, { ...settings, unsupported: 'refuse' })).toThrow(/grant_types: /)
    },
  )

  test('a needed grant that the server does not support is not added', () => {
    const sent = { grant_types: ['client_credentials'], response_types: ['id_token'] }
    const settings = { grantTypes: ['client_credentials'], responseTypes: ['id_token'] }
    expect(() => parse(sent, settings)).toThrow(/response_types: none is supported/)
  })

  test('a public client gives up grants for confidential ones, while another is left', () => {
    const none = { token_endpoint_auth_method: 'none' }
    const grant_types = ['authorization_code', 'client_credentials']
    expect(parse({ ...none, grant_types })).toMatchObject({ grant_types: ['authorization_code'] })
    expect(() => parse({ ...none, grant_types }, { unsupported: 'refuse' })).toThrow(
      /other than none/,
    )
    expect(() =>
      parse({ ...none, grant_types: ['client_credentials', 'refresh_token'], response_types: [] }),
    ).toThrow(/other than none/)
  })

  test.each([
    ['tls_client_auth', ['client_secret_basic', 'none']],
    ['self_signed_tls_client_auth', ['client_secret_post']],
    ['private_key_jwt', ['none']],
    ['attest_jwt_client_auth', ['client_secret_jwt']],
    ['unheard-of', ['client_secret_basic']],
    ['client_secret_post', ['none', 'private_key_jwt']],
  ])('a client with %s is rejected where the default of %j is weaker', (asked, supported) => {
    const sent = { jwks, token_endpoint_auth_method: asked }
    expect(() => parse(sent, { tokenEndpointAuthMethods: supported })).toThrow(
      `invalid_client_metadata: token_endpoint_auth_method: not supported, and the default is weaker; supported: ${supported.join(', ')}`,
    )
  })

  test.each([
    ['none', ['client_secret_post'], 'client_secret_post'],
    ['client_secret_post', ['client_secret_basic', 'none'], 'client_secret_basic'],
    ['self_signed_tls_client_auth', ['private_key_jwt', 'none'], 'private_key_jwt'],
  ])(
    'a client with %s is narrowed where the default of %j proves as much',
    (asked, supported, granted) => {
      const sent = { jwks, token_endpoint_auth_method: asked }
      expect(parse(sent, { tokenEndpointAuthMethods: supported })).toMatchObject({
        token_endpoint_auth_method: granted,
      })
    },
  )

  test('the algorithm of assertions goes where the method makes none', () => {
    const sent = { jwks, token_endpoint_auth_signing_alg: 'ES256' }
    expect(parse(sent)).not.toHaveProperty('token_endpoint_auth_signing_alg')
  })

  test('user codes that the server does not support are dropped or rejected', () => {
    const sent = { backchannel_user_code_parameter: true }
    expect(parse(sent)).not.toHaveProperty('backchannel_user_code_parameter')
    expect(() => parse(sent, { unsupported: 'refuse' })).toThrow(/not supported/)
  })
})

describe('defaults', () => {
  test('an ordinary client has the defaults of RFC 7591 and its application type, and no other', () => {
    expect(parse({})).toEqual({
      redirect_uris,
      application_type: 'web',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
    })
  })

  test('the method is the first that the server supports, without client_secret_basic', () => {
    expect(parse({}, { tokenEndpointAuthMethods: ['none'] })).toMatchObject({
      token_endpoint_auth_method: 'none',
    })
  })

  describe('metadata.publicNativeClients', () => {
    const native = { redirect_uris: ['com.example.app:/cb'] }
    const settings: Metadata = {
      publicNativeClients: true,
      grantTypes: ['authorization_code', 'refresh_token', 'client_credentials'],
      idTokenSigningAlgs: ['RS256', 'HS256'],
    }
    const method = (token_endpoint_auth_method: string) => ({ token_endpoint_auth_method })

    test.each([
      native,
      {
        ...native,
        application_type: 'native',
        grant_types: ['authorization_code', 'refresh_token'],
      },
      { application_type: 'native', redirect_uris: ['http://127.0.0.1/cb'] },
    ])('a native client that names no method has none: %j', (sent) => {
      expect(parse(sent, settings)).toMatchObject(method('none'))
      expect(parse(sent)).toMatchObject(method('client_secret_basic'))
    })

    test.each([
      {},
      { ...native, application_type: 'web' },
      { ...native, token_endpoint_auth_method: 'client_secret_basic' },
      { ...native, grant_types: ['authorization_code', 'client_credentials'] },
      { ...native, id_token_signed_response_alg: 'HS256' },
    ])('another client, or one that needs a secret, is given one: %j', (sent) => {
      expect(parse(sent, settings)).toMatchObject({ ...sent, ...method('client_secret_basic') })
    })

    test('the method none is given only where the server supports it', () => {
      const metadata: Metadata = {
        publicNativeClients: true,
        tokenEndpointAuthMethods: ['client_secret_basic'],
      }
      expect(() => parseSettings({ metadata })).toThrow(
        /metadata\.publicNativeClients: contradicts/,
      )
    })
  })

  test('grant types follow the response types that are sent', () => {
    const settings: Metadata = {
      grantTypes: ['authorization_code', 'implicit'],
      responseTypes: ['code', 'id_token'],
    }
    expect(parse({ response_types: ['id_token'] }, settings)).toMatchObject({
      grant_types: ['implicit'],
    })
    expect(parse({ response_types: [] }, { grantTypes: ['client_credentials'] })).toMatchObject({
      grant_types: ['client_credentials'],
    })
  })

  test.each([
    [undefined, 'A128CBC-HS256'],
    [['A256GCM'] as ['A256GCM'], 'A256GCM'],
  ])('an alg adds its enc (the server supports %j)', (encs, enc) => {
    const sent = { jwks, id_token_encrypted_response_alg: 'RSA-OAEP' }
    const settings = encs ? { idTokenEncryptionEncs: encs } : {}
    expect(parse(sent, settings)).toMatchObject({ id_token_encrypted_response_enc: enc })
  })

  test('a default that the server does not support is replaced, and the answer shows it', () => {
    const settings: Metadata = { subjectTypes: ['pairwise'], idTokenSigningAlgs: ['ES256'] }
    expect(parse({}, settings)).toMatchObject({
      subject_type: 'pairwise',
      id_token_signed_response_alg: 'ES256',
    })
    expect(
      parse({ grant_types: ['client_credentials'], redirect_uris: null }, settings),
    ).not.toHaveProperty('subject_type')
  })

  test('a list of the server that is empty adds no member', () => {
    const metadata = parse({}, { idTokenSigningAlgs: [] })
    expect(Object.keys(metadata)).not.toContain('id_token_signed_response_alg')
  })

  test('what the server requires of all is registered of each', () => {
    const settings = { requireSignedRequestObject: true, requirePushedAuthorizationRequests: true }
    expect(parse({ require_signed_request_object: false }, settings)).toMatchObject({
      require_signed_request_object: true,
      require_pushed_authorization_requests: true,
    })
  })

  test('the subject of a certificate is dropped without tls_client_auth', () => {
    expect(parse({ tls_client_auth_san_dns: 'a.example' })).not.toHaveProperty(
      'tls_client_auth_san_dns',
    )
  })

  test('response types that differ by the order of their words are one', () => {
    const settings: Metadata = {
      grantTypes: ['authorization_code', 'implicit'],
      responseTypes: ['code id_token'],
    }
    expect(parse({ response_types: ['id_token code', 'code id_token'] }, settings)).toMatchObject({
      response_types: ['id_token code'],
    })
  })

  test('a client without grants is the operator’s privilege', () => {
    const none = { grant_types: [], response_types: [] }
    expect(() => parse(none)).toThrow(/grant_types: expected at least one of/)
    expect(
      parseClientMetadata(none, parseSettings({}), { allowEmptyGrantTypes: true }),
    ).toMatchObject(none)
  })
})
