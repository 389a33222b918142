import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verifySignedRequest } from '../../lib/jwt/signed-request.ts'
import { type Api, startApi } from '../support/api.ts'
import { now, outcomeOf } from '../support/clients.ts'
import { testServer } from '../support/server.ts'
import { compact, signer } from '../support/signer.ts'

const issuer = signer()
const untrusted = signer()
const tokens = signer('https://tokens.example')
const { jwks } = issuer
const asIssuer = 'https://as.example'

let api: Api
beforeAll(async () => {
  const accessTokenIssuers = [tokens, issuer].map(({ issuer: name, jwks: keys }) => ({
    issuer: name,
    jwks: keys,
    audience: ['https://as.example/register'],
    singleUse: true,
  }))
  api = await startApi({
    settings: {
      issuer: asIssuer,
      registration: 'dynamic',
      signedRequest: { required: true, issuers: [{ issuer: issuer.issuer, jwks }] },
      softwareStatement: { issuers: [{ issuer: issuer.issuer, jwks }] },
      accessTokenIssuers,
    },
  })
})
afterAll(() => api.service.close())

const redirect_uris = ['https://signed.example/callback']

/** The service has its own clock: these JWTs are made now. */
const times = () => ({ iat: seconds(), exp: seconds() + 300 })
const seconds = () => Math.floor(Date.now() / 1000)

const signed = (claims: object = {}, header: object = {}, by = issuer) =>
  by.sign({ aud: asIssuer, jti: randomUUID(), redirect_uris, ...times(), ...claims }, header)

const post = (body: string, type = 'application/jwt', bearer?: string) =>
  api.call('/register', { method: 'POST', bearer, body, headers: { 'content-type': type } })

describe('a registration request that is a signed JWT', () => {
  test.each(['application/jwt', 'application/jose', 'Application/JWT; charset=utf-8'])(
    'as %s registers its claims, without those about the JWT itself',
    async (type) => {
      const { status, body } = await post(
        signed({ client_name: 'Signed', jti: type, sub: 'x' }),
        type,
      )
      expect(status).toBe(201)
      expect(body).toMatchObject({ client_name: 'Signed', redirect_uris })
      for (const claim of ['iss', 'aud', 'exp', 'iat', 'jti', 'sub'])
        expect(body).not.toHaveProperty(claim)
    },
  )

  test.each(['JWT', 'JOSE', 'application/jwt'])('may have the typ %s', async (typ) => {
    expect(await post(signed({}, { typ }))).toMatchObject({ status: 201 })
  })

  test('may be meant for the registration endpoint instead of the issuer', async () => {
    const aud = ['https://else.example', api.service.registrationEndpoint]
    expect(await post(signed({ aud }))).toMatchObject({ status: 201 })
  })

  test.each([
    ['for somebody else', () => signed({ aud: 'https://else.example' })],
    ['for nobody', () => signed({ aud: undefined })],
    ['without exp', () => signed({ exp: undefined })],
    ['without iat', () => signed({ iat: undefined })],
    ['without jti', () => signed({ jti: undefined })],
    ['with a jti that is no text', () => signed({ jti: 7 })],
    ['with an empty jti', () => signed({ jti: '' })],
    ['issued too long ago', () => signed({ iat: seconds() - 331 })],
    ['issued in the future', () => signed({ iat: seconds() + 90 })],
    ['whose iat is no number', () => signed({ iat: `${seconds()}` })],
    ['expired', () => signed({ exp: seconds() - 31 })],
    ['not yet valid', () => signed({ nbf: seconds() + 60 })],
    ['of an unknown issuer', () => signed({ iss: 'https://else.example' })],
    ['with the key of another issuer', () => signed({}, {}, untrusted)],
    [
      'with alg none',
      () => compact({ alg: 'none' }, { iss: issuer.issuer, aud: asIssuer, ...times() }),
    ],
    [
      'with a MAC by the public key',
      () => issuer.mac({ aud: asIssuer, redirect_uris, ...times() }),
    ],
    ['with an unknown critical extension', () => signed({}, { crit: ['urn:x'], 'urn:x': 1 })],
    ['that is an access token', () => signed({}, { typ: 'at+jwt' })],
    ['that is a request object', () => signed({}, { typ: 'oauth-authz-req+jwt' })],
    ['that is a client assertion', () => signed({}, { typ: 'client-authentication+jwt' })],
    ['that is a logout token', () => signed({}, { typ: 'logout+jwt' })],
    ['that holds another JWT', () => issuer.sign(signed())],
    ['that is JSON', () => JSON.stringify({ redirect_uris })],
    ['that is empty', () => ' '],
  ])('%s is invalid_request', async (_, made) => {
    const answer = await post(made())
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect(answer.body.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/)
  })

  test.each([
    ['too deep', { nested: JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`) }, 'levels deep'],
    ['an unpaired surrogate', { client_name: 'a\ud800' }, 'unpaired surrogate'],
    ['a member named constructor', { a: [{ constructor: { name: 'Set' } }] }, 'constructor'],
  ])('is validated like any request body: %s is rejected', async (_, claims, problem) => {
    expect(await post(signed(claims))).toMatchObject({
      status: 400,
      body: {
        error: 'invalid_request',
        error_description: expect.stringContaining(problem),
      },
    })
  })

  test('is rejected before it is read where it is too long', async () => {
    expect(await post(signed({ client_name: 'x'.repeat(70_000) }))).toMatchObject({ status: 413 })
  })

  test.each([
    ['jti is missing', () => signed({ jti: undefined })],
    ['it was issued too long ago (iat)', () => signed({ iat: seconds() - 3600 })],
    ['aud is not accepted', () => signed({ aud: 'https://else.example' })],
    ['exp is missing', () => signed({ exp: undefined })],
    ['the signature cannot be verified', () => signed({}, {}, untrusted)],
  ])('is rejected with the reason that %s', async (reason, made) => {
    const { body } = await post(made())
    expect(body.error_description).toBe(`the signed request is not valid: ${reason}`)
  })

  test('may be as old as the greatest age says', async () => {
    expect(await post(signed({ iat: seconds() - 295 }))).toMatchObject({ status: 201 })
  })

  test('with a jti is good for one registration', async () => {
    const request = signed({ jti: 'once' })
    expect(await post(request)).toMatchObject({ status: 201 })
    expect(await post(request)).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    const other = signed({ jti: 'once', client_name: 'Other' })
    expect(await post(other)).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })

  test('with a jti is not used up by a rejection', async () => {
    const jti = 'rejected first'
    const bad = signed({ jti, redirect_uris: ['http://signed.example/'] })
    expect(await post(bad)).toMatchObject({ status: 400, body: { error: 'invalid_redirect_uri' } })
    expect(await post(signed({ jti }))).toMatchObject({ status: 201 })
  })

  test.each(['application/json', 'text/plain', 'application/jwtx'])(
    'is required: a body of %s is 415',
    async (type) => {
      const answer = await post(JSON.stringify({ redirect_uris }), type)
      expect(answer).toMatchObject({ status: 415, body: { error: 'invalid_request' } })
    },
  )

  test('with invalid metadata is rejected with the error of any request', async () => {
    const answer = await post(signed({ redirect_uris: ['callback'] }))
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_redirect_uri' } })
  })
})

describe('signedRequest.maxAge and requireJti', () => {
  const signedRequest = { issuers: [{ issuer: issuer.issuer, jwks }] }
  const verify = async (settings: object, claims: object, at = now) => {
    const server = await testServer({
      settings: { signedRequest: { ...signedRequest, ...settings } },
    })
    return verifySignedRequest(issuer.sign({ aud: asIssuer, ...claims }), at, server)
  }

  test('a maximum age of a day accepts a request that was issued that long ago', async () => {
    const claims = { jti: '1', iat: now - 86_400, exp: now + 1 }
    expect(await outcomeOf(verify({ maxAge: 86_400 }, claims))).toBe('ok')
    expect(await outcomeOf(verify({ maxAge: 86_399 }, claims, now + 30))).toBe('invalid_request')
  })

  test.each([now + 60, 1e300])(
    'a request that expires at %d is remembered for as long as it is accepted',
    async (exp) => {
      const { replay } = await verify({ maxAge: 120 }, { jti: '1', exp })
      const end = Math.min(exp, now + 120)
      expect(replay?.remembered_until).toBeGreaterThanOrEqual(end + 30)
      expect(replay?.remembered_until).toBeLessThanOrEqual(end + 90)
    },
  )

  test('a request without jti can be sent again until it is too old, where none is required', async () => {
    const { replay } = await verify({ requireJti: false }, {})
    expect(replay).toBeUndefined()
    const late = verify({ requireJti: false }, { exp: now + 3600 }, now + 331)
    expect(await outcomeOf(late)).toBe('invalid_request')
  })
})

describe('access token, statement and signed request', () => {
  test('are consumed together by one registration', async () => {
    const software_statement = issuer.sign({ client_name: 'Stated', ...times() })
    const request = (jti: string) => signed({ jti, software_statement, client_name: 'Plain' })
    const bearer = tokens.accessToken({ ...times(), sub: 'alice' })
    const registered = await post(request('together 1'), undefined, bearer)
    expect(registered).toMatchObject({
      status: 201,
      body: { client_name: 'Stated', software_statement },
    })
    // The token is consumed, and so the other request is not.
    expect(await post(request('together 2'), undefined, bearer)).toMatchObject({ status: 401 })
    const another = tokens.accessToken(times())
    expect(await post(request('together 1'), undefined, another)).toMatchObject({ status: 400 })
    // The request was used, and so the other token is not.
    expect(await post(request('together 2'), undefined, another)).toMatchObject({ status: 201 })
  })

  test('of one issuer may have the same jti', async () => {
    const jti = 'the same'
    const bearer = issuer.accessToken({ ...times(), jti })
    const request = signed({ jti })
    expect(await post(request, undefined, bearer)).toMatchObject({ status: 201 })
    const another = issuer.accessToken(times())
    expect(await post(request, undefined, another)).toMatchObject({ status: 400 })
    expect(await post(signed(), undefined, bearer)).toMatchObject({ status: 401 })
  })
})

describe('RFC 7592 §2.2 an update request that is a signed JWT', () => {
  const registered = async () => {
    const { body } = await post(signed())
    const { client_id, registration_access_token: bearer } = body
    const put = (claims: object, token = bearer) =>
      api.call(`/register/${client_id}`, {
        method: 'PUT',
        bearer: String(token),
        body: signed({ client_id, ...claims }),
        headers: { 'content-type': 'application/jwt' },
      })
    return { client_id, bearer, put }
  }

  test('replaces the metadata once', async () => {
    const { put } = await registered()
    const updated = await put({ client_name: 'Updated', jti: 'an update' })
    expect(updated).toMatchObject({ status: 200, body: { client_name: 'Updated' } })
    const { registration_access_token: next } = updated.body
    const again = await put({ client_name: 'Again', jti: 'an update' }, next)
    expect(again).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect(await put({ client_name: 'Again' }, next)).toMatchObject({ status: 200 })
  })

  test('is required like for a registration', async () => {
    const { client_id, bearer } = await registered()
    const body = { client_id, redirect_uris }
    const answer = await api.call(`/register/${client_id}`, {
      method: 'PUT',
      bearer: String(bearer),
      body,
    })
    expect(answer).toMatchObject({ status: 415 })
  })

  test('names its client like any other', async () => {
    const { put } = await registered()
    const answer = await put({ client_id: 'another' })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } })
  })
})
