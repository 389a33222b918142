import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, startApi } from '../support/api.ts'

let api: Api
beforeAll(async () => {
  api = await startApi({ settings: { cors: { origins: ['https://app.example'] } } })
})
afterAll(() => api.service.close())

/** Every path that the service knows, and what it can be asked. */
const paths = [
  ['/register', 'POST'],
  ['/register/someone', 'GET, PUT, DELETE'],
  ['/initial-access-tokens', 'POST, GET'],
  ['/initial-access-tokens/x', 'DELETE'],
  ['/clients', 'GET'],
  ['/clients/x', 'GET, PATCH, DELETE'],
  ['/clients/x/secret-check', 'POST'],
  ['/clients/x/client-secret', 'POST'],
  ['/register/someone/client-secret', 'POST'],
  ['/clients/x/registration-access-token', 'POST'],
  ['/applications', 'GET, HEAD'],
  ['/.well-known/openid-configuration', 'GET, HEAD'],
  ['/openapi.json', 'GET, HEAD'],
  ['/.well-known/oauth-authorization-server', 'GET, HEAD'],
] as const

describe('Fetch §3.3 CORS protocol', () => {
  const preflight = (origin: string, path = '/register') =>
    api.call(path, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,mcp-protocol-version',
      },
    })

  test('a page of an allowed origin may ask, and reads the challenge', async () => {
    const allowed = await preflight('https://app.example')
    expect(allowed.status).toBe(204)
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.example')
    expect(allowed.headers.get('access-control-allow-methods')).toContain('PUT')
    const headers = { origin: 'https://app.example' }
    const answer = await api.call('/register', { method: 'POST', headers, body: {} })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example')
    expect(answer.headers.get('access-control-expose-headers')).toContain('www-authenticate')
    expect(answer.headers.get('access-control-allow-headers')).toBeNull()
  })

  test('a page of an allowed origin may send a token, which no wildcard covers, and any other header', async () => {
    const { headers } = await preflight('https://app.example')
    const allowed = headers.get('access-control-allow-headers')?.split(',')
    expect(allowed).toEqual([
      'authorization',
      'content-type',
      'idempotency-key',
      'mcp-protocol-version',
      '*',
    ])
  })

  test('a page of another origin may not ask', async () => {
    const rejected = await preflight('https://evil.example')
    expect(rejected.headers.get('access-control-allow-origin')).toBeNull()
    expect(rejected.headers.get('access-control-allow-headers')).toBeNull()
  })

  test.each(paths)('a preflight of %s is answered', async (path) => {
    const answer = await preflight('https://app.example', path)
    expect(answer).toMatchObject({ status: 204, body: {} })
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example')
  })
})

describe('RFC 9110 §9.3.7 OPTIONS', () => {
  test.each(paths)(
    'a request for %s is answered with the methods that it has',
    async (path, methods) => {
      const answer = await api.call(path, { method: 'OPTIONS' })
      expect(answer).toMatchObject({ status: 204, body: {} })
      expect(answer.headers.get('allow')).toBe(`${methods}, OPTIONS`)
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    },
  )

  test('a request for an unknown path is 404', async () => {
    expect(await api.call('/nowhere', { method: 'OPTIONS' })).toMatchObject({ status: 404 })
  })
})

describe('RFC 6797 §6.1 Strict-Transport-Security, Fetch §3.6 X-Content-Type-Options', () => {
  test.each([
    ['GET', '/.well-known/openid-configuration', 200],
    ['GET', '/applications', 200],
    ['OPTIONS', '/register', 204],
    ['POST', '/register', 415],
    ['GET', '/register/someone', 401],
    ['PATCH', '/register', 405],
    ['GET', '/nowhere', 404],
  ])('the answer to %s %s has both headers', async (method, path, status) => {
    const answer = await fetch(new URL(path, api.service.url), { method })
    expect(answer.status).toBe(status)
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('strict-transport-security')).toBe('max-age=31536000')
  })

  test('the answer to a deletion has both headers', async () => {
    const { path, token } = await api.register()
    const answer = await api.call(path, { method: 'DELETE', bearer: token })
    expect(answer.status).toBe(204)
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('strict-transport-security')).toBe('max-age=31536000')
  })
})
