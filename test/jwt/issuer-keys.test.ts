import { generateKeyPairSync } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { verifyAccessToken } from '../../lib/jwt/access-token.ts'
import { InvalidJwtError, trustIssuers } from '../../lib/jwt/trusted-issuers.ts'
import { registerClient } from '../../lib/register-client.ts'
import { type JwksEndpoint, jwksEndpoint } from '../doubles/jwks-endpoint.ts'
import { now, ordinary, outcomeOf } from '../support/clients.ts'
import { startIssuer } from '../support/issuer.ts'
import { testServer } from '../support/server.ts'
import { compact, signer } from '../support/signer.ts'

const audience = ['https://as.example/register']
const issuer = signer()
const renewed = signer()
const [renewedKey] = renewed.jwks.keys
const renewedJwks = { keys: [{ ...renewedKey, kid: 'two' }] }
const byRenewedKey = () => renewed.accessToken({}, { kid: 'two' })

let endpoint: JwksEndpoint
beforeEach(async () => {
  // The clock only: the connections need their timers.
  vi.useFakeTimers({ toFake: ['Date'], now: now * 1000 })
  endpoint = await jwksEndpoint(issuer.jwks)
})
afterEach(async () => {
  vi.useRealTimers()
  await endpoint.close()
})

const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000)

/** Verifies tokens of the issuer whose keys are there: 'ok', 'untrusted', or the code of the rejection. */
function verifier() {
  const verify = trustIssuers([
    {
      issuer: issuer.issuer,
      audience,
      jwksUri: endpoint.uri,
      singleUse: false,
      administers: false,
      reads: false,
      reportsUse: false,
    },
  ])
  return async (jwt: string) => {
    try {
      return await outcomeOf(verifyAccessToken(jwt, verify, now))
    } catch (error) {
      if (error instanceof InvalidJwtError) return 'untrusted'
      throw error
    }
  }
}

describe('keys by jwksUri', () => {
  test('register a client, and a rotated key too', async () => {
    vi.useRealTimers()
    const remote = await startIssuer({ audience })
    try {
      const { issuer: name, jwksUri } = remote
      const accessTokenIssuers = [{ issuer: name, audience, jwksUri }]
      const server = await testServer({ settings: { accessTokenIssuers } })
      const register = async () => {
        const bearer = await remote.accessToken({ scope: 'client-reg' })
        const request = { bearer, body: ordinary, now: Math.floor(Date.now() / 1000) }
        return outcomeOf(registerClient(request, server))
      }
      expect(await register()).toBe('ok')
      await remote.rotateKey()
      // An unknown key is requested again, but not at once: its issuer has just sent its keys.
      expect(await register()).toBe('invalid_token')
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 })
      expect(await register()).toBe('ok')
    } finally {
      await remote.close()
    }
  })

  test('are read once for many tokens', async () => {
    const verify = verifier()
    const outcomes = await Promise.all([1, 2, 3].map(() => verify(issuer.accessToken())))
    later(599)
    expect([...outcomes, await verify(issuer.accessToken())]).toEqual(['ok', 'ok', 'ok', 'ok'])
    expect(endpoint.requests()).toBe(1)
  })

  test('are read again after ten minutes: a key that was withdrawn is not trusted any more', async () => {
    const verify = verifier()
    expect(await verify(issuer.accessToken())).toBe('ok')
    endpoint.answer({ body: JSON.stringify(renewedJwks) })
    later(600)
    expect(await verify(issuer.accessToken())).toBe('untrusted')
    expect(endpoint.requests()).toBe(2)
  })

  test('are read again for an unknown key, at most once in thirty seconds', async () => {
    const verify = verifier()
    expect(await verify(issuer.accessToken())).toBe('ok')
    endpoint.answer({ body: JSON.stringify(renewedJwks) })
    later(29)
    expect(await verify(byRenewedKey())).toBe('untrusted')
    expect(endpoint.requests()).toBe(1)
    later(1)
    expect(await verify(byRenewedKey())).toBe('ok')
    expect(endpoint.requests()).toBe(2)
    for (let index = 0; index < 50; index += 1)
      expect(await verify(issuer.accessToken({}, { kid: `unknown-${index}` }))).toBe('untrusted')
    expect(endpoint.requests()).toBe(2)
  })

  test('are not requested by a JWT of an issuer that is not trusted', async () => {
    const verify = verifier()
    expect(await verify(signer('https://elsewhere.example').accessToken())).toBe('untrusted')
    expect(endpoint.requests()).toBe(0)
  })

  test.each([
    ['no answer', 'none' as const],
    ['an error', { status: 500, body: '{}' }],
    ['no JSON', { body: '<html>' }],
    ['JSON that is no key set', { body: '{"keys":7}' }],
    ['a redirect', { status: 302, body: '' }],
  ])('that cannot be read, for %s, are temporarily_unavailable', async (_, answer) => {
    endpoint.answer(answer)
    expect(await verifier()(issuer.accessToken())).toBe('temporarily_unavailable')
  })

  test('that could not be read are not requested again by the next hundred requests', async () => {
    endpoint.answer('none')
    const verify = verifier()
    for (let index = 0; index < 100; index += 1)
      expect(await verify(issuer.accessToken())).toBe('temporarily_unavailable')
    expect(endpoint.requests()).toBe(1)
    endpoint.answer({ body: JSON.stringify(issuer.jwks) })
    later(5)
    expect(await verify(issuer.accessToken())).toBe('ok')
  })

  test.each([
    ['an error', { status: 500, body: '{}' }],
    ['no JSON', { body: '<html>' }],
    ['JSON that is no key set', { body: '{"keys":7}' }],
    ['a list', { body: '[]' }],
    ['null', { body: 'null' }],
    ['a redirect', { status: 302, body: '' }],
  ])('that could not be read, for %s, rest too', async (_, answer) => {
    endpoint.answer(answer)
    const verify = verifier()
    for (let index = 0; index < 20; index += 1)
      expect(await verify(issuer.accessToken())).toBe('temporarily_unavailable')
    expect(endpoint.requests()).toBe(1)
    endpoint.answer({ body: JSON.stringify(issuer.jwks) })
    later(5)
    expect(await verify(issuer.accessToken())).toBe('ok')
  })

  test('go on serving while an unknown key cannot be requested', async () => {
    const verify = verifier()
    expect(await verify(issuer.accessToken())).toBe('ok')
    endpoint.answer('none')
    later(30)
    expect(await verify(byRenewedKey())).toBe('temporarily_unavailable')
    expect(await verify(issuer.accessToken())).toBe('ok')
  })
})

describe('RFC 8725 §3.5 a key that cannot verify', () => {
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey
  const [ec] = issuer.jwks.keys
  const keys: [string, object][] = [
    ['an RSA key that is too short', { ...short.export({ format: 'jwk' }), alg: 'RS256' }],
    ['a point that is not on its curve', { ...ec, y: ec?.x, alg: undefined }],
    ['no coordinates', { kty: 'EC', crv: 'P-256' }],
    ['coordinates that are no text', { ...ec, x: 7, alg: undefined }],
  ]
  test.each(keys)('%s rejects the token, and leaves the issuer available', async (_, key) => {
    endpoint.answer({
      body: JSON.stringify({ keys: [...issuer.jwks.keys, { ...key, kid: 'bad' }] }),
    })
    const verify = verifier()
    const claims = { iss: issuer.issuer, aud: audience, exp: now + 300 }
    for (const alg of ['RS256', 'PS256', 'ES256', 'EdDSA']) {
      const forged = compact({ alg, kid: 'bad', typ: 'at+jwt' }, claims, 'x'.repeat(64))
      expect(await verify(forged)).toBe('untrusted')
    }
    expect(await verify(issuer.accessToken())).toBe('ok')
    expect(await verify(issuer.accessToken({}, { kid: undefined }))).toBe('ok')
  })
})

describe('RFC 7591 §3 an unreachable issuer', () => {
  test('makes a registration temporarily_unavailable', async () => {
    endpoint.answer('none')
    const accessTokenIssuers = [{ issuer: issuer.issuer, audience, jwksUri: endpoint.uri }]
    const server = await testServer({ settings: { accessTokenIssuers } })
    const request = registerClient({ bearer: issuer.accessToken(), body: ordinary, now }, server)
    expect(await outcomeOf(request)).toBe('temporarily_unavailable')
  })
})
