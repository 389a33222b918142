import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { matchesFilter } from '../../../lib/disable-job/matches-filter.ts'
import type { ClientMetadata } from '../../../lib/metadata/client-metadata.ts'
import { parseHost } from '../../../lib/operator/redirect-host-filter.ts'

/** A client with these members, among others that no filter reads. */
const client = (metadata: Partial<ClientMetadata>, owner: object = {}) => ({
  metadata: { token_endpoint_auth_method: 'none', ...metadata } as ClientMetadata,
  ...owner,
})

describe('a redirect host', () => {
  test.each([
    ['example.com', 'example.com'],
    ['EXAMPLE.com', 'example.com'],
    ['example.com.', 'example.com.'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['XN--BCHER-KVA.example', 'xn--bcher-kva.example'],
    ['localhost', 'localhost'],
    ['0x7f.1', '127.0.0.1'],
    ['[::1]', '[::1]'],
    ['[0:0:0:0:0:0:0:1]', '[::1]'],
  ])('%s is compared as %s', (text, host) => {
    expect(parseHost(text)).toBe(host)
  })

  test.each([
    ...['', ' ', 'a b', 'https://example.com', 'example.com:443', 'example.com/', 'a@b'],
    ...['::1', '[::1]:80', 'example.com?x', 'example.com#x', 'a\\b', 'a%2eb', '1.2.3.256', '[1]'],
  ])('%j is rejected', (text) => {
    expect(parseHost(text)).toBeUndefined()
  })

  test.each([
    ['https://example.com/cb', true],
    ['HTTPS://EXAMPLE.COM:8443/cb', true],
    ['http://example.com', true],
    ['https://sub.example.com/', false],
    ['https://example.com.evil.example/', false],
    ['https://evil.example/?u=https://example.com/', false],
    ['com.example.app://example.com/cb', false],
    ['com.example.app:/example.com', false],
  ])('of %s is example.com: %s', async (uri, expected) => {
    const found = matchesFilter(client({ redirect_uris: [uri] }), { redirect_host: 'example.com' })
    expect(await found).toBe(expected)
  })

  test('of a client without redirect URIs is none', async () => {
    expect(await matchesFilter(client({}), { redirect_host: 'example.com' })).toBe(false)
  })
})

describe('an owner', () => {
  test.each([
    [{ owner: 'alice' }, { owner: 'alice' }, true],
    [{ owner: 'alice', iss: 'https://a.example' }, { owner: 'alice' }, true],
    [{ owner: 'alice', iss: 'https://a.example' }, { owner: 'alice', iss: '' }, false],
    [{ owner: 'alice' }, { owner: 'alice', iss: '' }, true],
    [{ owner: 'alice' }, { owner: 'alice', iss: 'https://a.example' }, false],
    [{ owner: 'bob' }, { owner: 'alice' }, false],
    [{}, { owner: 'alice' }, false],
  ])('%j is one of %j: %s', async (owner, filter, expected) => {
    expect(await matchesFilter(client({}, owner), filter)).toBe(expected)
  })
})

describe('a key thumbprint', () => {
  // RFC 7638 §3.1
  const key = {
    kty: 'RSA',
    n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
    e: 'AQAB',
    alg: 'RS256',
    kid: '2011-04-29',
  }
  const filter = { key_thumbprint: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs' }
  const another = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })

  test.each([
    ['the only one', [key], true],
    ['one of several', [another, { kty: 'unknown' }, key], true],
    ['of another key', [another], false],
    ['of no key', [], false],
  ])('is compared with each key of jwks: %s', async (_, keys, expected) => {
    const jwks = { keys } as unknown as NonNullable<ClientMetadata['jwks']>
    expect(await matchesFilter(client({ jwks }), filter)).toBe(expected)
  })

  test('matches no client that has a jwks_uri', async () => {
    const remote = client({ jwks_uri: 'https://client.example/jwks' })
    expect(await matchesFilter(remote, filter)).toBe(false)
  })
})

test('a software_id is compared exactly', async () => {
  const filter = { software_id: 'one' }
  expect(await matchesFilter(client({ software_id: 'one' }), filter)).toBe(true)
  expect(await matchesFilter(client({ software_id: 'One' }), filter)).toBe(false)
  expect(await matchesFilter(client({}), filter)).toBe(false)
})
