import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../lib/json.ts'
import { parseClientMetadata } from '../../../lib/metadata/parse-client-metadata.ts'
import { parseSettings } from '../../../lib/settings/settings.ts'
import { ecKey, redirect_uris, rsaKey } from './example.ts'

const parse = (sent: JsonObject) =>
  parseClientMetadata({ redirect_uris, ...sent }, parseSettings({}), {
    allowEmptyGrantTypes: false,
  })

const ec = (namedCurve: string) =>
  generateKeyPairSync('ec', { namedCurve }).publicKey.export({ format: 'jwk' })

const octets = {
  ed25519: () => generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }),
  ed448: () => generateKeyPairSync('ed448').publicKey.export({ format: 'jwk' }),
  x25519: () => generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' }),
  x448: () => generateKeyPairSync('x448').publicKey.export({ format: 'jwk' }),
}

/** The octets of a number, in little-endian order, in base64url. */
const littleEndian = (value: bigint, size: number) =>
  Buffer.from(value.toString(16).padStart(size * 2, '0'), 'hex')
    .reverse()
    .toString('base64url')

describe('RFC 7518 §6.2, RFC 8037 §2: the point of a key', () => {
  test.each(['P-256', 'P-384', 'P-521', 'secp256k1'])('on %s is registered', (curve) => {
    const jwks = { keys: [ec(curve)] }
    expect(parse({ jwks })).toMatchObject({ jwks })
  })

  test.each(['P-256', 'P-384', 'P-521', 'secp256k1'])('off %s is rejected', (curve) => {
    const key = ec(curve)
    for (const wrong of [
      { ...key, y: key.x },
      { ...key, x: key.y },
    ])
      expect(() => parse({ jwks: { keys: [rsaKey, wrong] } })).toThrow(
        'invalid_client_metadata: jwks: key 2: expected a point of its curve',
      )
  })

  test.each(Object.entries(octets))('on %s is registered, whatever the key', (_, key) => {
    const jwks = { keys: Array.from({ length: 20 }, key) }
    expect(parse({ jwks })).toMatchObject({ jwks })
  })

  const p25519 = 2n ** 255n - 19n
  const p448 = 2n ** 448n - 2n ** 224n - 1n
  test.each([
    // RFC 8032 §5.1.3, §5.2.3: no x belongs to these y, or y is not below p.
    ['Ed25519', 2n, 32],
    ['Ed25519', 7n, 32],
    ['Ed25519', p25519, 32],
    ['Ed448', 2n, 57],
    ['Ed448', 6n, 57],
    ['Ed448', p448 + 1n, 57],
  ])('off %s is rejected: y is %s', (crv, y, size) => {
    const key = { kty: 'OKP', crv, x: littleEndian(y, size) }
    expect(() => parse({ jwks: { keys: [key] } })).toThrow(/key 1: expected a point of its curve/)
  })
})

describe('RFC 7517 §5: a key of an unknown kty', () => {
  const unknown = { kty: 'AKP', kid: 'ec', alg: 'ML-DSA-44', pub: 'AAAA' }

  test('is dropped, and the answer shows it', () => {
    expect(parse({ jwks: { keys: [unknown, ecKey, { kty: 'new' }] } })).toMatchObject({
      jwks: { keys: [ecKey] },
    })
  })

  test('leaves no key set where it is the only one', () => {
    expect(parse({ jwks: { keys: [unknown] } })).not.toHaveProperty('jwks')
  })

  test('leaves no key where keys are needed, which is rejected', () => {
    const sent = { jwks: { keys: [unknown] }, token_endpoint_auth_method: 'private_key_jwt' }
    expect(() => parse(sent)).toThrow(/private_key_jwt needs jwks or jwks_uri/)
  })
})
