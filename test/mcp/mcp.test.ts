import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, startApi } from '../support/api.ts'
import { signer } from '../support/signer.ts'
import { bodies } from './bodies.ts'

const issuer = signer()
const { jwks } = issuer
const audience = ['https://as.example/register']

let api: Api
beforeAll(async () => {
  api = await startApi({
    settings: {
      profile: 'mcp',
      metadata: { scopes: ['openid', 'tools:read'] },
      accessTokenIssuers: [{ issuer: issuer.issuer, jwks, audience }],
    },
  })
})
afterAll(() => api.service.close())

const post = (body: object, headers: Record<string, string> = {}) =>
  api.call('/register', { method: 'POST', body, headers })

const every = Object.entries(bodies)

describe('the profile mcp', () => {
  test.each(every)('%s registers as it is', async (_, body) => {
    const { status, body: answer } = await post(body, { 'mcp-protocol-version': '2025-06-18' })
    expect(status).toBe(201)
    expect(answer).toMatchObject({
      redirect_uris: body.redirect_uris,
      client_name: body.client_name,
      response_types: ['code'],
    })
    const method =
      'token_endpoint_auth_method' in body ? body.token_endpoint_auth_method : undefined
    expect(answer.token_endpoint_auth_method).toBe(method ?? 'client_secret_basic')
    expect('client_secret' in answer).toBe(method !== 'none')
    if ('grant_types' in body)
      expect(answer.grant_types).toEqual(['authorization_code', 'refresh_token'])
  })

  test('a native client that names no method is given no secret', async () => {
    const { body } = await post({
      redirect_uris: ['cursor://anysphere.cursor-mcp/oauth/callback'],
      client_name: 'Cursor',
    })
    expect(body).toMatchObject({ application_type: 'native', token_endpoint_auth_method: 'none' })
    expect(body).not.toHaveProperty('client_secret')
  })

  test('scopes are those of the settings; the others are left out', async () => {
    const { body } = await post(bodies['a client on a server'])
    expect(body.scope).toBe('tools:read')
    const inspector = await post(bodies['MCP Inspector'])
    expect(inspector.body.scope).toBe('openid tools:read')
    const other = await post({ ...bodies['mcp-remote'], scope: 'admin' })
    expect(other).toMatchObject({ status: 201 })
    expect(other.body).not.toHaveProperty('scope')
  })

  test('an anonymous client is denied client_credentials', async () => {
    const redirect_uris = ['https://robot.example/callback']
    const alone = await post({ redirect_uris, grant_types: ['client_credentials'] })
    expect(alone).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } })
    const grant_types = ['authorization_code', 'client_credentials']
    const { body } = await post({ redirect_uris, grant_types })
    expect(body.grant_types).toEqual(['authorization_code'])
  })

  test('a page of any origin may register', async () => {
    const origin = 'https://inspector.example'
    const preflight = await api.call('/register', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    })
    expect(preflight.status).toBe(204)
    const allowed = (headers: Headers) => headers.get('access-control-allow-origin')
    expect(['*', origin]).toContain(allowed(preflight.headers))
    const { status, headers } = await post(bodies['MCP Inspector'], { origin })
    expect(status).toBe(201)
    expect(['*', origin]).toContain(allowed(headers))
  })

  test('metadata that is too large is rejected', async () => {
    const body = bodies['MCP Inspector']
    const contacts = Array.from({ length: 10 }, (_, n) => `${n}${'x'.repeat(450)}`)
    expect(await post({ ...body, contacts })).toMatchObject({ status: 400 })
    const redirect_uris = Array.from({ length: 11 }, (_, n) => `http://localhost/${n}`)
    expect(await post({ ...body, redirect_uris })).toMatchObject({ status: 400 })
    const note = 'x'.repeat(16_384)
    expect(await post({ ...body, note })).toMatchObject({ status: 413 })
  })
})

describe('a header that MCP clients forward from their user', () => {
  const elsewhere = signer('https://elsewhere.example')

  test.each<[string, () => string]>([
    ['a personal token', () => 'Bearer ghp_0123456789abcdefghijklmnopqrstuvwxyz'],
    ['a JWT of an issuer that is not configured', () => `Bearer ${elsewhere.accessToken()}`],
    ['a JWT that cannot be read', () => 'Bearer a.b.c'],
    ['a token with other characters', () => 'Bearer 17|abcdefghijklmnop'],
    ['two words', () => 'Bearer one two'],
    ['nothing', () => 'Bearer'],
    ['two headers', () => 'Bearer one, Bearer two'],
    ['another scheme', () => 'Basic dXNlcjpwYXNzd29yZA=='],
  ])('counts as none: %s', async (_, authorization) => {
    const { status, body } = await post(bodies['mcp-remote'], { authorization: authorization() })
    expect(status).toBe(201)
    const shown = await api.call(`/clients/${body.client_id}`, { bearer: api.service.masterToken })
    expect(shown.body.registration_method).toBe('anonymous')
  })

  test.each<[string, () => string | Promise<string>, number]>([
    [
      'an initial access token that nobody issued',
      () => `iat_s${'0'.repeat(20)}_${'a'.repeat(43)}`,
      401,
    ],
    ['an initial access token that is cut short', () => 'iat_s0123', 401],
    ['a registration access token', () => `rat_${'a'.repeat(43)}`, 401],
    ['an expired token of a configured issuer', () => issuer.accessToken({ exp: 1 }), 401],
    ['a forged token of a configured issuer', () => signer().accessToken(), 401],
    [
      'an initial access token that is malformed',
      async () => `${await api.initialAccessToken()} x`,
      400,
    ],
  ])('is rejected where it is of this service: %s', async (_, tokenOf, status) => {
    const authorization = `Bearer ${await tokenOf()}`
    const answer = await post(bodies['mcp-remote'], { authorization })
    expect(answer.status).toBe(status)
    expect(answer.body).not.toHaveProperty('client_id')
  })

  test('is rejected where it is consumed, and heeded where it is good', async () => {
    const authorization = `Bearer ${await api.initialAccessToken({ sub: 'alice' })}`
    const first = await post(bodies['mcp-remote'], { authorization })
    expect(first.status).toBe(201)
    const bearer = api.service.masterToken
    const shown = await api.call(`/clients/${first.body.client_id}`, { bearer })
    expect(shown.body).toMatchObject({
      registration_method: 'initial_access_token',
      owner: 'alice',
    })
    expect((await post(bodies['mcp-remote'], { authorization })).status).toBe(401)
  })

  test('is no way round a token that the query holds', async () => {
    const answer = await api.call('/register?access_token=x', {
      method: 'POST',
      body: bodies['mcp-remote'],
      headers: { authorization: 'Bearer one two' },
    })
    expect(answer.status).toBe(400)
  })

  test('does not make a client trusted', async () => {
    const authorization = 'Bearer of-their-own'
    const answer = await post({ ...bodies['mcp-remote'], trusted: true }, { authorization })
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
  })
})
