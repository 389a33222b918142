import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, startApi } from '../support/api.ts'

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.service.close())

const redirect_uris = ['https://client.example/callback']

const register = (body: unknown, headers: Record<string, string> = {}) =>
  registerBytes(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), headers)

/** Registers by a body of these bytes, and returns whether its token was consumed. */
async function registerBytes(bytes: Uint8Array<ArrayBuffer>, headers: Record<string, string>) {
  const bearer = await api.initialAccessToken()
  const response = await fetch(api.service.registrationEndpoint, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${bearer}`,
      'content-type': 'application/json',
      ...headers,
    },
    body: bytes,
  })
  const text = await response.text()
  const answer = { status: response.status, headers: response.headers, body: JSON.parse(text) }
  const again = await api.call('/register', { method: 'POST', bearer, body: { redirect_uris } })
  return { ...answer, tokenIsConsumed: again.status === 401 }
}

describe('RFC 7591 §3.2.1 Client Information Response', () => {
  test('an ordinary registration is answered with everything that is registered', async () => {
    const { status, headers, body, tokenIsConsumed } = await register({
      redirect_uris,
      client_name: 'Näme 名',
    })
    expect(status).toBe(201)
    expect(tokenIsConsumed).toBe(true)
    expect(headers.get('content-type')).toBe('application/json')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('pragma')).toBe('no-cache')
    const now = Math.floor(Date.now() / 1000)
    expect(body).toEqual({
      client_id: expect.stringMatching(/^[\w-]{21}$/),
      client_id_issued_at: expect.closeTo(now, -1),
      client_secret: expect.stringMatching(/^[\w-]{86}$/),
      client_secret_expires_at: 0,
      registration_client_uri: `${api.service.registrationEndpoint}/${body.client_id}`,
      registration_access_token: expect.stringMatching(/^rat_[\w-]{64}$/),
      redirect_uris,
      client_name: 'Näme 名',
      application_type: 'web',
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['authorization_code'],
      response_types: ['code'],
    })
  })

  test('a public client is given no secret', async () => {
    const { status, body } = await register({ redirect_uris, token_endpoint_auth_method: 'none' })
    expect(status).toBe(201)
    expect(body).not.toHaveProperty('client_secret')
    expect(body).not.toHaveProperty('client_secret_expires_at')
  })

  test('a machine client needs no redirect URI, and has no response type', async () => {
    const { status, body } = await register({ grant_types: ['client_credentials'] })
    expect(status).toBe(201)
    expect(body).toMatchObject({ grant_types: ['client_credentials'], response_types: [] })
  })

  test('what the server does not support is narrowed away, and the answer says so', async () => {
    const { status, body } = await register({
      redirect_uris,
      grant_types: [
        'authorization_code',
        'urn:ietf:params:oauth:grant-type:jwt-bearer',
        'refresh_token',
      ],
    })
    expect(status).toBe(201)
    expect(body.grant_types).toEqual(['authorization_code', 'refresh_token'])
  })

  test('members that only the server sets, and unknown ones, are not registered', async () => {
    const { status, body } = await register({
      redirect_uris,
      client_id: 'mine',
      client_secret: 'mine',
      client_id_issued_at: 1,
      favorite_color: 'blue',
      __proto__: { polluted: true },
    })
    expect(status).toBe(201)
    expect(body.client_id).not.toBe('mine')
    expect(body.client_secret).not.toBe('mine')
    expect(body.client_id_issued_at).not.toBe(1)
    expect(body).not.toHaveProperty('favorite_color')
  })
})

/** An object that has something in so many levels more. */
const deep = (open: string, close: string, levels: number, inner = '1') =>
  `{"redirect_uris":["https://a.example/"],"a":${open.repeat(levels)}${inner}${close.repeat(levels)}}`

describe('RFC 7591 §3.2.2 Client Registration Error Response', () => {
  test.each([
    ['no redirect URI', {}, 'invalid_redirect_uri'],
    [
      'a redirect URI with a fragment',
      { redirect_uris: ['https://a.example/#x'] },
      'invalid_redirect_uri',
    ],
    ['a redirect URI that is no URI', { redirect_uris: ['callback'] }, 'invalid_redirect_uri'],
    [
      'a script as redirect URI',
      { redirect_uris: ['JavaScript:alert(1)'] },
      'invalid_redirect_uri',
    ],
    ['http to another host', { redirect_uris: ['http://a.example/cb'] }, 'invalid_redirect_uri'],
    [
      'redirect URIs that are no list',
      { redirect_uris: 'https://a.example/' },
      'invalid_redirect_uri',
    ],
    ['a name that is no string', { redirect_uris, client_name: 1 }, 'invalid_client_metadata'],
    ['scope as a list', { redirect_uris, scope: ['a'] }, 'invalid_client_metadata'],
    [
      'keys twice',
      { redirect_uris, jwks: { keys: [] }, jwks_uri: 'https://a.example/j' },
      'invalid_client_metadata',
    ],
    [
      'a private key',
      {
        redirect_uris,
        jwks: { keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'a'.repeat(43), d: 'a' }] },
      },
      'invalid_client_metadata',
    ],
    [
      'private_key_jwt without keys',
      { redirect_uris, token_endpoint_auth_method: 'private_key_jwt' },
      'invalid_client_metadata',
    ],
    [
      'a grant without its response type',
      { redirect_uris, grant_types: ['authorization_code'], response_types: [] },
      'invalid_client_metadata',
    ],
    ['no grants', { grant_types: [] }, 'invalid_client_metadata'],
    ['only unsupported grants', { grant_types: ['password'] }, 'invalid_client_metadata'],
    ['a list as body', [], 'invalid_client_metadata'],
    ['a number as body', '17', 'invalid_client_metadata'],
    ['no JSON', '{"redirect_uris":', 'invalid_client_metadata'],
    ['an empty body', ' ', 'invalid_client_metadata'],
    ['a member twice', '{"client_name":"a","client\\u005fname":"b"}', 'invalid_client_metadata'],
    ['an unpaired surrogate', '{"client_name":"\\ud800"}', 'invalid_client_metadata'],
    ['deep nesting', deep('[', ']', 20_000), 'invalid_client_metadata'],
    [
      'deep nesting with a surrogate',
      deep('[', ']', 20_000, '"\\ud800"'),
      'invalid_client_metadata',
    ],
    ['33 levels', deep('{"a":', '}', 32), 'invalid_client_metadata'],
    ['a member named constructor', '{"a":[{"constructor":1}]}', 'invalid_client_metadata'],
    ['a member named __proto__', '{"a":[{"__proto__":1}]}', 'invalid_client_metadata'],
  ])('%s is rejected, and the token is not consumed', async (_, body, error) => {
    const answer = await register(body)
    expect(answer.status).toBe(400)
    expect(answer.body.error).toBe(error)
    expect(answer.body.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.tokenIsConsumed).toBe(false)
  })

  test.each([
    ['bytes of Latin-1', [0xfc], 'application/json', 400],
    ['half a character of UTF-8', [0xf0, 0x9f, 0xa6], 'application/json', 400],
    ['a surrogate in UTF-8', [0xed, 0xa0, 0x80], 'application/json', 400],
    ['U+FFFD, as a gateway puts it in', [0xef, 0xbf, 0xbd], 'application/json', 400],
    ['Latin-1 that says so', [0xfc], 'application/json; charset=iso-8859-1', 415],
    ['Latin-1 that says so in quotes', [0xfc], 'application/json;Charset="ISO-8859-1"', 415],
    ['UTF-8 that says it is not', [0x61], 'application/json; charset=utf-16', 415],
  ])('%s is not registered, and the token is not consumed', async (_, bytes, type, status) => {
    const body = Buffer.from('{"redirect_uris":["https://a.example/"],"client_name":"?"}', 'latin1')
    const at = body.indexOf('?')
    const sent = Buffer.concat([body.subarray(0, at), Buffer.from(bytes), body.subarray(at + 1)])
    const answer = await registerBytes(sent, { 'content-type': type })
    expect(answer).toMatchObject({ status, tokenIsConsumed: false })
    if (status === 400)
      expect(answer.body).toMatchObject({
        error: 'invalid_client_metadata',
        error_description: 'the request body is not UTF-8',
      })
    expect(answer.headers.get('accept-encoding')).toBeNull()
  })

  test.each([
    ['gzip', 415],
    ['br, identity', 415],
    ['Identity', 201],
  ])('content-encoding %s is %i (RFC 9110 §15.5.16)', async (coding, status) => {
    const plain = JSON.stringify({ redirect_uris })
    const sent = coding === 'gzip' ? gzipSync(plain) : Buffer.from(plain)
    const answer = await registerBytes(sent, { 'content-encoding': coding })
    expect(answer).toMatchObject({ status, tokenIsConsumed: status === 201 })
    expect(answer.headers.get('accept-encoding')).toBe(status === 415 ? 'identity' : null)
  })

  test.each([
    ['text/plain', 415],
    ['application/x-www-form-urlencoded', 415],
    ['application/jsonp', 415],
    ['application/json; charset=utf-8', 201],
    ['application/json;charset="UTF-8"; x=y', 201],
    ['application/json ; charset=utf8', 201],
    ['Application/JSON', 201],
  ])('content-type %s is %i', async (type, status) => {
    const answer = await register({ redirect_uris }, { 'content-type': type })
    expect(answer.status).toBe(status)
    expect(answer.tokenIsConsumed).toBe(status === 201)
  })

  test('a body above the limit is 413, and the connection is still usable', async () => {
    const answer = await register({ redirect_uris, client_name: 'x'.repeat(70_000) })
    expect(answer.status).toBe(413)
    expect(answer.body.error).toBe('invalid_request')
    expect(answer.tokenIsConsumed).toBe(false)
  })

  test('metadata that would make a heavy item are rejected, and the token is not consumed', async () => {
    const uris = Array.from({ length: 10 }, (_, n) => `https://a.example/${n}${'x'.repeat(2000)}`)
    const answer = await register({ redirect_uris: uris })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } })
    expect(answer.tokenIsConsumed).toBe(false)
  })

  test('an unknown path is 404, an unknown method 405 with Allow', async () => {
    for (const path of ['/nowhere', '/register/a/b', '/register/'])
      expect(await api.call(path, { method: 'POST' })).toMatchObject({
        status: 404,
        body: { error: 'invalid_request' },
      })
    for (const [path, allow] of [
      ['/', 'GET, HEAD'],
      ['/register', 'POST'],
      ['/register/someone', 'GET, PUT, DELETE'],
      ['/initial-access-tokens', 'POST, GET'],
      ['/initial-access-tokens/x', 'DELETE'],
      ['/clients', 'GET'],
      ['/clients/x/secret-check', 'POST'],
      ['/clients/x/client-secret', 'POST'],
      ['/register/someone/client-secret', 'POST'],
      ['/clients/x/registration-access-token', 'POST'],
      ['/.well-known/openid-configuration', 'GET, HEAD'],
    ] as const) {
      const answer = await api.call(path, { method: 'PATCH' })
      expect(answer).toMatchObject({ status: 405, body: { error: 'invalid_request' } })
      expect(answer.headers.get('allow')).toBe(`${allow}, OPTIONS`)
    }
  })
})

describe('RFC 8414 §3 Obtaining Authorization Server Metadata', () => {
  test('the metadata is cached for five minutes; an error is not', async () => {
    const path = '/.well-known/oauth-authorization-server'
    const { status, headers } = await api.call(path)
    expect([status, headers.get('cache-control'), headers.get('pragma')]).toEqual([
      200,
      'max-age=300',
      null,
    ])
    const wrong = await api.call(path, { method: 'PUT' })
    expect([wrong.status, wrong.headers.get('cache-control')]).toEqual([405, 'no-store'])
  })
})

describe('RFC 6750 §3 The WWW-Authenticate Response Header Field', () => {
  const post = (headers: Record<string, string>, path = '/register') =>
    api.call(path, { method: 'POST', headers, body: { redirect_uris } })

  const malformed = 'Bearer realm="client registration", error="invalid_request"'

  test('a request without token gets a challenge without error', async () => {
    for (const headers of [{}, { authorization: 'Basic YTpi' }]) {
      const answer = await post(headers)
      expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
      expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="client registration"')
    }
  })

  test.each(['unknown', `iat_s${'0'.repeat(20)}_${'a'.repeat(43)}`, `rat_${'a'.repeat(43)}`])(
    'an unknown token is invalid_token: %s',
    async (token) => {
      const answer = await post({ authorization: `Bearer ${token}` })
      expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
      expect(answer.headers.get('www-authenticate')).toBe(
        'Bearer realm="client registration", error="invalid_token"',
      )
    },
  )

  test.each(['Bearer', 'Bearer ', 'Bearer a b', 'Bearer a, Bearer b', 'Bearer "a"', 'Bearer ä'])(
    'a malformed header is invalid_request: %s',
    async (authorization) => {
      const answer = await post({ authorization })
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
      expect(answer.headers.get('www-authenticate')).toBe(malformed)
    },
  )

  test('a malformed header is invalid_request at every endpoint', async () => {
    const headers = { authorization: 'Bearer a, Bearer b' }
    for (const [method, path] of [
      ['GET', '/register/someone'],
      ['PUT', '/register/someone'],
      ['POST', '/initial-access-tokens'],
      ['PATCH', '/clients/someone'],
    ] as const) {
      const answer = await api.call(path, { method, headers })
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
      expect(answer.headers.get('www-authenticate')).toBe(malformed)
    }
  })

  test('an error in the body alone gets no challenge', async () => {
    const bearer = api.service.masterToken
    const body = { lifetime: 1 }
    const answer = await api.call('/initial-access-tokens', { method: 'POST', bearer, body })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect(answer.headers.get('www-authenticate')).toBeNull()
  })

  test('the scheme is case-insensitive, and one or more spaces follow it', async () => {
    const bearer = await api.initialAccessToken()
    expect(await post({ authorization: `bEaReR   ${bearer}` })).toMatchObject({ status: 201 })
  })

  test('a token in the query is rejected', async () => {
    const bearer = await api.initialAccessToken()
    const answer = await post({}, `/register?access_token=${bearer}`)
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect(answer.headers.get('www-authenticate')).toBe(malformed)
  })

  test('a token without the scope of registration is insufficient_scope', async () => {
    const bearer = await api.initialAccessToken({ scope: ['something-else'] })
    const answer = await post({ authorization: `Bearer ${bearer}` })
    expect(answer).toMatchObject({ status: 403, body: { error: 'insufficient_scope' } })
    expect(answer.headers.get('www-authenticate')).toBe(
      'Bearer realm="client registration", error="insufficient_scope", scope="client-reg"',
    )
  })
})

describe('RFC 7591 §1.2 initial access tokens, fifty at once', () => {
  test.each(['on_success', 'on_attempt'])(
    'a token consumed %s registers exactly one of fifty, twenty times',
    async (consumed) => {
      for (let round = 0; round < 20; round += 1) {
        const bearer = await api.initialAccessToken({ consumed })
        const answers = await Promise.all(
          Array.from({ length: 50 }, () =>
            api.call('/register', { method: 'POST', bearer, body: { redirect_uris } }),
          ),
        )
        const statuses = answers.map(({ status }) => status)
        expect(statuses.filter((status) => status === 201)).toHaveLength(1)
        expect(statuses.filter((status) => status === 401)).toHaveLength(49)
        const id = bearer.split('_')[1]
        const listed = await api.call(`/clients?initial_access_token=${id}`, {
          bearer: api.service.masterToken,
        })
        expect(listed.body.clients).toHaveLength(1)
      }
    },
  )
})
