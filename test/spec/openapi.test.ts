import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openApiDocument } from '../../cdk/openapi/document.ts'
import type { JsonSchema } from '../../cdk/openapi/json-schema.ts'
import { serviceSettings } from '../../cdk/settings/settings.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { type Api, startApi } from '../support/api.ts'
import { type DescribedApi, describedApi, type Sent } from '../support/openapi.ts'

const redirect_uris = ['https://client.example/callback']

let api: Api
let document: JsonSchema
let described: DescribedApi
beforeAll(async () => {
  api = await startApi()
  document = openApiDocument(serviceSettings(api.service.settings))
  described = describedApi(document, api.service.url)
})
const ask: DescribedApi['ask'] = (...request) => described.ask(...request)
afterAll(() => api?.service.close())

const get = (method = 'GET') => fetch(new URL('/openapi.json', api.service.url), { method })

describe('GET /openapi.json', () => {
  test('is the OpenAPI document of this stage, with its own URL', async () => {
    const answer = await get()
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json'])
    expect(await answer.json()).toEqual({ ...document, servers: [{ url: api.service.url }] })
  })

  test('may be cached as long as the metadata of the server', async () => {
    const metadata = await api.call('/.well-known/openid-configuration')
    for (const method of ['GET', 'HEAD']) {
      const { status, headers } = await get(method)
      expect(status).toBe(200)
      expect(headers.get('cache-control')).toBe(metadata.headers.get('cache-control'))
      expect(headers.get('pragma')).toBeNull()
    }
  })
})

describe('each response is one that the document describes:', () => {
  test('a client registers, reads, updates and deletes its registration', async () => {
    const body = {
      redirect_uris,
      client_name: 'Notes',
      'client_name#de': 'Bücher',
      contacts: ['a@client.example'],
      grant_types: ['authorization_code', 'refresh_token', 'password'],
      id_token_signing_alg_values_supported: ['ES256'],
    }
    const bearer = await api.initialAccessToken()
    const client = await ask('POST', '/register', 201, { bearer, body })
    described.expectRequest('post', '/register', body)
    const { client_id, registration_access_token: token } = client
    const own = '/register/{client_id}'
    const url = `/register/${client_id}`
    const read = await ask('GET', own, 200, { bearer: String(token) }, url)
    expect(read).toMatchObject({ client_secret: client.client_secret })
    const changed = { client_id, redirect_uris, client_name: 'Other' }
    const updated = await ask('PUT', own, 200, { bearer: String(token), body: changed }, url)
    described.expectRequest('put', own, changed)
    const next = String(updated.registration_access_token)
    const wrong = { ...changed, client_id_issued_at: 1 }
    await ask('PUT', own, 400, { bearer: next, body: wrong }, url)
    await ask('PUT', own, 403, { bearer: next, body: { ...changed, trusted: true } }, url)
    for (const method of ['GET', 'PUT', 'DELETE']) await ask(method, own, 401, {}, url)
    await ask('DELETE', own, 204, { bearer: next }, url)
  })

  test.each<[string, number, Sent]>([
    ['without a token', 401, { body: {} }],
    ['with an unknown token', 401, { bearer: 'unknown', body: {} }],
    ['with a malformed header', 400, { headers: { authorization: 'Bearer' }, body: {} }],
    ['without a body', 415, {}],
    ['with a compressed body', 415, { headers: { 'content-encoding': 'gzip' }, body: {} }],
    ['with a long body', 413, { body: { client_name: 'x'.repeat(70_000) } }],
  ])('a registration %s is %i', async (_, status, sent) => {
    expect(await ask('POST', '/register', status, sent)).toHaveProperty('error')
  })

  test('a registration with an invalid member is 400, and one beyond the scope is 403', async () => {
    const bearer = await api.initialAccessToken()
    for (const body of [{ redirect_uris: ['x'] }, { redirect_uris, jwks: {} }])
      await ask('POST', '/register', 400, { bearer, body })
    const lesser = await api.initialAccessToken({ scope: ['other'] })
    await ask('POST', '/register', 403, { bearer: lesser, body: { redirect_uris } })
  })

  test('a dry run is 200, and another body under the same Idempotency-Key is 422', async () => {
    const bearer = await api.initialAccessToken()
    const dryRun = '/register?dry_run=true'
    await ask('POST', '/register', 200, { bearer, body: { redirect_uris } }, dryRun)
    const headers = { 'idempotency-key': '"a-key-of-these-tests"' }
    for (const status of [201, 201])
      await ask('POST', '/register', status, { bearer, headers, body: { redirect_uris } })
    await ask('POST', '/register', 422, { bearer, headers, body: {} })
  })

  test('the operator issues, lists and revokes initial access tokens', async () => {
    const bearer = api.service.masterToken
    const body = { sub: 'alice', max_uses: 2, policies: [], audience: [api.service.url] }
    const issued = await ask('POST', '/initial-access-tokens', 200, { bearer, body })
    described.expectRequest('post', '/initial-access-tokens', body)
    await ask('POST', '/initial-access-tokens', 400, { bearer, body: { max_uses: 0 } })
    await ask('POST', '/initial-access-tokens', 401, { body })
    const page = await ask('GET', '/initial-access-tokens', 200, { bearer })
    expect(page.initial_access_tokens).not.toEqual([])
    await ask('GET', '/initial-access-tokens', 400, { bearer }, '/initial-access-tokens?limit=0')
    const one = '/initial-access-tokens/{id}'
    const url = `/initial-access-tokens/${issued.id}`
    await ask('DELETE', one, 204, { bearer }, url)
    await ask('DELETE', one, 404, { bearer }, url)
  })

  test('the operator lists, gets, changes and deletes clients', async () => {
    const bearer = api.service.masterToken
    const { client_id } = await api.register()
    await api.register()
    const page = await ask('GET', '/clients', 200, { bearer }, '/clients?limit=1')
    expect(page).toHaveProperty('next_cursor')
    await ask('GET', '/clients', 400, { bearer }, '/clients?unheard_of=1')
    const one = '/clients/{client_id}'
    const url = `/clients/${client_id}`
    const body = { disabled: true, label: 'partner', note: null }
    described.expectRequest('patch', one, body)
    expect(await ask('PATCH', one, 200, { bearer, body }, url)).toMatchObject({ disabled: true })
    await ask('PATCH', one, 400, { bearer, body: { owner: 'me' } }, url)
    const check = { client_secret: 'wrong' }
    const checking = `${one}/secret-check`
    described.expectRequest('post', checking, check)
    await ask('POST', checking, 200, { bearer, body: check }, `${url}/secret-check`)
    await ask('POST', checking, 400, { bearer, body: {} }, `${url}/secret-check`)
    const renewing = `${one}/client-secret`
    described.expectRequest('post', renewing, { overlap: 60 })
    const renewal = { bearer, body: { overlap: 60 } }
    await ask('POST', renewing, 200, renewal, `${url}/client-secret`)
    await ask('POST', renewing, 200, { bearer }, `${url}/client-secret`)
    await ask('POST', renewing, 400, { bearer, body: { x: 1 } }, `${url}/client-secret`)
    await ask('GET', one, 200, { bearer }, url)
    await ask('GET', one, 304, { bearer, headers: { 'if-none-match': '*' } }, url)
    await ask('GET', one, 401, {}, url)
    await ask(
      'POST',
      `${one}/registration-access-token`,
      200,
      { bearer },
      `${url}/registration-access-token`,
    )
    await ask('DELETE', one, 204, { bearer }, url)
    for (const method of ['GET', 'DELETE']) await ask(method, one, 404, { bearer }, url)
  })

  test.each([
    ['/', 302],
    ['/applications', 200],
    ['/openapi.json', 200],
    ['/.well-known/openid-configuration', 200],
    ['/.well-known/oauth-authorization-server', 200],
  ])('anyone gets %s', async (path, status) => {
    await ask('GET', path, status)
    await ask('HEAD', path, status)
  })
})

test('GET /clients names the filters that the document has', async () => {
  const { error_description } = await ask(
    'GET',
    '/clients',
    400,
    { bearer: api.service.masterToken },
    '/clients?unheard_of=1',
  )
  const parameters = described.valueAt('/paths/~1clients/get/parameters') as readonly {
    name: string
  }[]
  const names = parameters
    .map(({ name }) => name)
    .filter((name) => !['limit', 'cursor'].includes(name))
  expect(error_description).toBe(`unknown filter; known: ${names.join(', ')}`)
})

test('a stage that finds clients and cleans up describes both in its document', async () => {
  const settings: SettingsInput = {
    registration: 'dynamic',
    findClientsBy: { name: true, redirectHost: true },
    cleanUp: { mode: 'observe' },
  }
  const other = await startApi({ settings })
  try {
    const { settings, url, masterToken: bearer } = other.service
    const stage = describedApi(openApiDocument(serviceSettings(settings)), url)
    const body = { redirect_uris, client_name: 'Notes' }
    await stage.ask('POST', '/register', 201, { body })
    for (const query of ['name_prefix=no', 'redirect_host=client.example', 'state=due']) {
      const page = await stage.ask('GET', '/clients', 200, { bearer }, `/clients?${query}`)
      expect(page.clients).toHaveLength(query === 'state=due' ? 0 : 1)
    }
    const parameters = stage.valueAt('/paths/~1clients/get/parameters')
    for (const name of ['name_prefix', 'redirect_host'])
      expect(parameters).toContainEqual(expect.objectContaining({ name }))
    const unknown = '/clients?unheard_of=1'
    const { error_description } = await stage.ask('GET', '/clients', 400, { bearer }, unknown)
    expect(error_description).toContain('initial_access_token, name_prefix, redirect_host, state')
  } finally {
    await other.service.close()
  }
})

test('a stage with aliases and members of its own describes them in its document', async () => {
  const settings: SettingsInput = {
    aliases: true,
    registration: 'dynamic',
    metadata: { unknown: { allow: { tier: { type: 'string', enum: ['gold'] } } } },
  }
  const other = await startApi({ settings })
  try {
    const { settings, url } = other.service
    const stage = describedApi(openApiDocument(serviceSettings(settings)), url)
    const body = { redirect_url: redirect_uris[0], scopes: ['openid'], tier: 'gold' }
    stage.expectRequest('post', '/register', body)
    const client = await stage.ask('POST', '/register', 201, { body })
    expect(client).toMatchObject({ redirect_uris, scopes: ['openid'], tier: 'gold' })
    expect(client).toHaveProperty('registration_access_token_expires_in')
  } finally {
    await other.service.close()
  }
})
