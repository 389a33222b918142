import { describe, expect, test } from 'vitest'
import { registerClient } from '../../lib/register-client.ts'
import type { Server } from '../../lib/server.ts'
import { now, ordinary, outcomeOf } from '../support/clients.ts'
import { testServer } from '../support/server.ts'
import { compact, signer } from '../support/signer.ts'

const audience = 'https://as.example/register'
const issuer = signer()
const untrusted = signer()
const elsewhere = signer('https://elsewhere.example')

const trusting = ({ jwks } = issuer) =>
  testServer({
    settings: { accessTokenIssuers: [{ issuer: issuer.issuer, audience: [audience], jwks }] },
  })

const register = (server: Server, bearer: string) =>
  outcomeOf(registerClient({ bearer, body: ordinary, now }, server))

/** What every access token has. */
const usual = { iss: issuer.issuer, aud: audience, scope: 'client-reg', exp: now + 300 }

describe('RFC 9068 §4 a JWT access token', () => {
  test.each(['alice', undefined])('registers a client whose owner is its sub: %s', async (sub) => {
    const server = await trusting()
    const bearer = issuer.accessToken({ sub })
    const { client_id } = await registerClient({ bearer, body: ordinary, now }, server)
    expect((await server.clients.find(client_id))?.owner).toBe(sub)
  })

  test.each([
    ['one of several audiences', { aud: ['https://else.example', audience] }, {}],
    ['typ as a whole media type', {}, { typ: 'application/at+jwt' }],
    ['expired less than the skew ago', { exp: now - 29 }, {}],
    ['valid from within the skew', { nbf: now + 30 }, {}],
    ['no kid where the issuer has one key', {}, { kid: undefined }],
    ['no jti', { jti: undefined }, {}],
  ])('with %s is accepted', async (_, claims, header) => {
    expect(await register(await trusting(), issuer.accessToken(claims, header))).toBe('ok')
  })

  test('without kid is accepted where one of several keys of the issuer verifies it', async () => {
    const keys = [...untrusted.jwks.keys, ...issuer.jwks.keys]
    const server = await trusting({ ...issuer, jwks: { keys } })
    expect(await register(server, issuer.accessToken({}, { kid: undefined }))).toBe('ok')
    const unknown = elsewhere.accessToken({ iss: issuer.issuer }, { kid: undefined })
    expect(await register(server, unknown)).toBe('invalid_token')
  })

  test.each([
    ['typ of an ID token', {}, { typ: 'JWT' }],
    ['no typ', {}, { typ: undefined }],
    ['typ that is no string', {}, { typ: 7 }],
    ['no exp', { exp: undefined }, {}],
    ['no aud', { aud: undefined }, {}],
    ['no iss', { iss: undefined }, {}],
    ['another audience', { aud: 'https://else.example' }, {}],
    ['an audience that begins like ours', { aud: `${audience}/x` }, {}],
    ['expired', { exp: now - 30 }, {}],
    ['not yet valid', { nbf: now + 31 }, {}],
    ['exp as text', { exp: `${now + 300}` }, {}],
    ['an issuer that is not trusted', { iss: elsewhere.issuer }, {}],
    ['an issuer that is a list', { iss: [issuer.issuer] }, {}],
    ['an unknown key', {}, { kid: 'unknown' }],
    ['a kid that is no string', {}, { kid: ['one'] }],
    ['another algorithm than the key’s', {}, { alg: 'ES384' }],
    ['an algorithm that is a list', {}, { alg: ['ES256'] }],
    ['an unknown critical extension', {}, { crit: ['urn:x'], 'urn:x': true }],
    ['an empty list of critical extensions', {}, { crit: [] }],
    ['an unencoded payload', {}, { crit: ['b64'], b64: false }],
    ['bound to a key', { cnf: { jkt: 'x' } }, {}],
    ['bound to nothing', { cnf: null }, {}],
    ['sub that is a number', { sub: 5 }, {}],
    ['an empty sub', { sub: '' }, {}],
    ['a sub beyond any key of the table', { sub: 'x'.repeat(5_000) }, {}],
    ['a sub with half a character', { sub: 'a\ud800' }, {}],
  ])('with %s is invalid_token', async (_, claims, header) => {
    const bearer = issuer.accessToken(claims, header)
    expect(await register(await trusting(), bearer)).toBe('invalid_token')
  })

  const genuine = issuer.accessToken({ scope: 'nothing' }).split('.')
  test.each([
    ['alg none', compact({ alg: 'none', typ: 'at+jwt' }, usual)],
    ['alg none with a signature', compact({ alg: 'none', typ: 'at+jwt' }, usual, 'x')],
    ['alg None', compact({ alg: 'None', typ: 'at+jwt' }, usual, 'x')],
    ['no alg', compact({ typ: 'at+jwt' }, usual, 'x')],
    ['a header that is a list', compact([], usual, 'x')],
    ['a header that is no JSON', compact('x', usual, 'x')],
    ['claims that are a list', compact({ alg: 'ES256' }, [usual], 'x')],
    ['claims that are no JSON', compact({ alg: 'ES256' }, 'x', 'x')],
    ['HMAC with the public key', issuer.mac(usual, { typ: 'at+jwt' })],
    ['HMAC that says it is ES256', issuer.mac(usual, { typ: 'at+jwt', alg: 'ES256' })],
    ['the key of another issuer', untrusted.accessToken()],
    ['its own key in the header', untrusted.accessToken({}, { jwk: untrusted.jwks.keys[0] })],
    [
      'a URL of its own keys in the header',
      untrusted.accessToken(
        {},
        { jku: 'https://keys.example/jwks', x5u: 'https://keys.example/x' },
      ),
    ],
    ['another issuer altogether', elsewhere.accessToken()],
    [
      'changed claims under a genuine signature',
      [genuine[0], Buffer.from(JSON.stringify(usual)).toString('base64url'), genuine[2]].join('.'),
    ],
    ['a genuine token with a part too many', `${issuer.accessToken()}.e30`],
    ['a genuine token without signature', `${genuine[0]}.${genuine[1]}.`],
  ])('with %s is invalid_token', async (_, bearer) => {
    expect(await register(await trusting(), bearer)).toBe('invalid_token')
  })

  test.each(['', 'client-regs', 'CLIENT-REG', ['client-reg'], { 'client-reg': true }])(
    'with the scope %j does not allow registration',
    async (scope) => {
      const bearer = issuer.accessToken({ scope })
      expect(await register(await trusting(), bearer)).toBe('insufficient_scope')
    },
  )

  test('registers nothing where its issuer is not configured', async () => {
    expect(await register(await testServer(), issuer.accessToken())).toBe('invalid_token')
  })
})
