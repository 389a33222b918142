import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../lib/json.ts'
import { choiceNames } from '../../../lib/metadata/members/rp-metadata-choices.ts'
import { parseClientMetadata } from '../../../lib/metadata/parse-client-metadata.ts'
import { parseSettings, type SettingsInput } from '../../../lib/settings/settings.ts'
import { ecKey, jwks, redirect_uris } from './example.ts'

const parse = (metadata: JsonObject, settings: SettingsInput = {}) =>
  parseClientMetadata({ redirect_uris, ...metadata }, parseSettings(settings), {
    allowEmptyGrantTypes: false,
  })

const methods = 'token_endpoint_auth_methods_supported'
const algs = 'token_endpoint_auth_signing_alg_values_supported'

describe('RP Metadata Choices 1.0 §2', () => {
  test('the catalogue has nineteen lists', () => {
    expect(choiceNames).toHaveLength(19)
  })

  test('the server takes its own first, and keeps no list', () => {
    const metadata = parse({
      subject_types_supported: ['pairwise', 'public'],
      id_token_signing_alg_values_supported: ['ES256', 'PS256', 'XX'],
      userinfo_signing_alg_values_supported: ['HS256', 'ES256'],
    })
    expect(metadata).toMatchObject({
      subject_type: 'public',
      id_token_signed_response_alg: 'PS256',
      userinfo_signed_response_alg: 'ES256',
    })
    expect(Object.keys(metadata).filter((name) => name.endsWith('_supported'))).toEqual([])
  })

  test('an MCP client that offers methods, and sends no keys, becomes public', () => {
    expect(parse({ [methods]: ['none', 'private_key_jwt'] })).toMatchObject({
      token_endpoint_auth_method: 'none',
    })
  })

  test('an MCP client that offers methods, and sends keys, authenticates by them', () => {
    const offer = { [methods]: ['none', 'private_key_jwt'], [algs]: ['RS256', 'ES256'] }
    expect(parse({ ...offer, jwks: { keys: [ecKey] } })).toMatchObject({
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'ES256',
    })
  })

  test('the value that is sent beside its list is registered', () => {
    const metadata = {
      [methods]: ['none', 'client_secret_basic'],
      token_endpoint_auth_method: 'none',
    }
    expect(parse(metadata)).toMatchObject({ token_endpoint_auth_method: 'none' })
  })

  test('a value outside its list is rejected', () => {
    expect(() =>
      parse({ [methods]: ['none'], token_endpoint_auth_method: 'client_secret_basic' }),
    ).toThrow(`token_endpoint_auth_method: expected one of the values in ${methods}`)
  })

  test('a list without a supported value is rejected with those that are', () => {
    expect(() => parse({ [methods]: ['attest_jwt_client_auth'] })).toThrow(
      /none is supported; supported: client_secret_basic, /,
    )
  })

  test('an unsupported value beside its list leaves the choice to the server', () => {
    const metadata = {
      [methods]: ['tls_client_auth', 'none'],
      token_endpoint_auth_method: 'tls_client_auth',
    }
    expect(parse(metadata)).toMatchObject({ token_endpoint_auth_method: 'none' })
  })

  test('encryption is chosen with its content encryption, by the keys that are there', () => {
    const metadata = {
      jwks: { keys: [ecKey] },
      id_token_encryption_alg_values_supported: ['RSA-OAEP', 'ECDH-ES'],
      id_token_encryption_enc_values_supported: ['A256GCM'],
      userinfo_encryption_enc_values_supported: ['A256GCM'],
    }
    const answer = parse(metadata)
    expect(answer).toMatchObject({
      id_token_encrypted_response_alg: 'ECDH-ES',
      id_token_encrypted_response_enc: 'A256GCM',
    })
    expect(answer).not.toHaveProperty('userinfo_encrypted_response_enc')
  })

  test('where nothing fits what was sent, the rejection says what is missing', () => {
    expect(() => parse({ [methods]: ['private_key_jwt'] })).toThrow(/private_key_jwt needs jwks/)
  })

  test('a public client is given no algorithm that needs a secret', () => {
    const settings = { metadata: { idTokenSigningAlgs: ['HS256', 'RS256'] as ['HS256', 'RS256'] } }
    const offer = { id_token_signing_alg_values_supported: ['HS256', 'RS256'] }
    expect(parse({ ...offer, token_endpoint_auth_method: 'none' }, settings)).toMatchObject({
      id_token_signed_response_alg: 'RS256',
    })
    expect(parse(offer, settings)).toMatchObject({ id_token_signed_response_alg: 'HS256' })
  })

  test('a certificate subject makes tls_client_auth of use', () => {
    const settings = { metadata: { tokenEndpointAuthMethods: ['tls_client_auth', 'none'] } }
    const offer = { [methods]: ['none', 'tls_client_auth'] }
    expect(parse(offer, settings)).toMatchObject({ token_endpoint_auth_method: 'none' })
    expect(parse({ ...offer, tls_client_auth_san_dns: 'a.example' }, settings)).toMatchObject({
      token_endpoint_auth_method: 'tls_client_auth',
    })
  })

  test('an algorithm of assertions is chosen for the method', () => {
    const tokenEndpointAuthMethods = ['client_secret_basic', 'client_secret_jwt', 'private_key_jwt']
    const settings = { metadata: { tokenEndpointAuthMethods } }
    const offer = { [algs]: ['RS256', 'HS256'], jwks }
    const secret = { ...offer, token_endpoint_auth_method: 'client_secret_jwt' }
    expect(parse(secret, settings)).toMatchObject({ token_endpoint_auth_signing_alg: 'HS256' })
    const key = { ...offer, token_endpoint_auth_method: 'private_key_jwt' }
    expect(parse(key, settings)).toMatchObject({ token_endpoint_auth_signing_alg: 'RS256' })
    expect(parse(offer, settings)).not.toHaveProperty('token_endpoint_auth_signing_alg')
    const strict = { metadata: { ...settings.metadata, unsupported: 'refuse' } } as const
    for (const sent of [offer, { ...offer, token_endpoint_auth_method: 'client_secret_basic' }])
      expect(parse(sent, strict)).not.toHaveProperty('token_endpoint_auth_signing_alg')
  })

  test('a request that the client signs takes a key', () => {
    expect(parse({ request_object_signing_alg_values_supported: ['PS256'], jwks })).toMatchObject({
      request_object_signing_alg: 'PS256',
    })
  })
})
