import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, type ApiRequest, startApi } from '../support/api.ts'
import { type Signer, signer } from '../support/signer.ts'

const audience = 'https://as.example/clients'
const reporter = signer('https://reporter.example')
const onceReporter = signer('https://once.example')
const reader = signer('https://reader.example')
const administrator = signer('https://administrator.example')

const day = 86_400
/** Noon of a day in UTC, in Unix seconds. */
const noon = Math.floor(Date.now() / 1000 / day) * day + day / 2
let now = noon

let api: Api
beforeAll(async () => {
  const trust = ({ issuer, jwks }: Signer) => ({ issuer, jwks, audience: [audience] })
  api = await startApi({
    clock: () => now * 1000,
    settings: {
      accessTokenIssuers: [
        { ...trust(reporter), reportsUse: true },
        { ...trust(onceReporter), reportsUse: true, singleUse: true },
        { ...trust(reader), reads: true },
        { ...trust(administrator), administers: true },
      ],
    },
  })
})
afterAll(() => api.service.close())

function tokenOf(issuer: Signer, scope = 'clients:use'): string {
  return issuer.accessToken({ aud: audience, scope, iat: now, exp: now + 300 })
}

const report = (clients: unknown, request: ApiRequest = {}) =>
  api.call('/clients/used', {
    method: 'POST',
    bearer: tokenOf(reporter),
    body: { clients },
    ...request,
  })

async function lastUse(client_id: string): Promise<unknown> {
  const { body } = await api.call(`/clients/${client_id}`, { bearer: api.service.masterToken })
  return body.last_used_at
}

async function registered(): Promise<string> {
  return (await api.register()).client_id
}

describe('a report of use', () => {
  test('records the time at which a client was used, and counts an unknown one', async () => {
    now = noon
    const client_id = await registered()
    const answer = await report([
      { client_id, used_at: noon - 60 },
      { client_id: 'unknown', used_at: noon },
    ])
    expect(answer).toMatchObject({
      status: 200,
      body: { recorded: 1, unchanged: 0, unknown: 1 },
    })
    expect(await lastUse(client_id)).toBe(noon - 60)
  })

  test('changes nothing when it repeats a day, or is late', async () => {
    now = noon
    const client_id = await registered()
    await report([{ client_id, used_at: noon }])
    for (const used_at of [noon, noon + 10, noon - day, 0]) {
      const { body } = await report([{ client_id, used_at }])
      expect(body).toEqual({ recorded: 0, unchanged: 1, unknown: 0 })
    }
    expect(await lastUse(client_id)).toBe(noon)
    now = noon + day
    await report([{ client_id, used_at: noon + day }])
    expect(await lastUse(client_id)).toBe(noon + day)
  })

  test('counts the latest of several uses of one client', async () => {
    now = noon
    const client_id = await registered()
    const { body } = await report([
      { client_id, used_at: noon - 2 },
      { client_id, used_at: noon - 1 },
      { client_id, used_at: noon - 3 },
    ])
    expect(body).toEqual({ recorded: 1, unchanged: 0, unknown: 0 })
    expect(await lastUse(client_id)).toBe(noon - 1)
  })

  test('sets back a time that is less than a minute ahead, and rejects one further ahead', async () => {
    now = noon
    const client_id = await registered()
    await report([{ client_id, used_at: noon + 60 }])
    expect(await lastUse(client_id)).toBe(noon)
    const ahead = await report([
      { client_id, used_at: noon },
      { client_id, used_at: noon + 61 },
    ])
    expect(ahead).toMatchObject({
      status: 400,
      body: { error_description: 'clients.1.used_at: is in the future' },
    })
  })

  test('takes five hundred clients, and no more', async () => {
    now = noon
    const client_id = await registered()
    const unknown = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        client_id: `unknown-${index}-${'x'.repeat(200)}`,
        used_at: noon,
      }))
    const { body } = await report([...unknown(499), { client_id, used_at: noon }])
    expect(body).toEqual({ recorded: 1, unchanged: 0, unknown: 499 })
    expect(await report(unknown(501))).toMatchObject({
      status: 400,
      body: { error_description: 'clients: expected at most 500 clients' },
    })
    expect(await report([])).toMatchObject({
      status: 200,
      body: { recorded: 0, unchanged: 0, unknown: 0 },
    })
  })

  test.each([
    ['clients: expected a list of clients', 'text'],
    ['clients.1.client_id: expected a value', [{ client_id: 'a', used_at: 1 }, {}]],
    ['clients.0.client_id: expected a client identifier', [{ client_id: '', used_at: 1 }]],
    ['clients.0.used_at: expected Unix seconds', [{ client_id: 'a', used_at: 1.5 }]],
    ['clients.0.used_at: expected Unix seconds', [{ client_id: 'a', used_at: '1' }]],
    ['clients.0.used_at: expected Unix seconds', [{ client_id: 'a', used_at: -1 }]],
  ])('is rejected with %j', async (error_description, clients) => {
    expect(await report(clients)).toMatchObject({
      status: 400,
      body: { error: 'invalid_request', error_description },
    })
  })

  test('is recorded for a disabled client, which stays disabled', async () => {
    now = noon
    const client_id = await registered()
    const bearer = api.service.masterToken
    await api.call(`/clients/${client_id}`, { method: 'PATCH', bearer, body: { disabled: true } })
    await report([{ client_id, used_at: noon }])
    const { body } = await api.call(`/clients/${client_id}`, { bearer })
    expect(body).toMatchObject({ disabled: true, last_used_at: noon })
  })
})

describe('the right to report use', () => {
  test.each([
    ['an access token with the use scope', () => tokenOf(reporter), 200],
    ['an administrator', () => tokenOf(administrator, 'client-admin'), 200],
    ['the use scope of an issuer that administers', () => tokenOf(administrator), 200],
    ['the master token', () => api.service.masterToken, 200],
    ['another scope', () => tokenOf(reporter, 'clients:read'), 403],
    ['the use scope of an issuer that may only read', () => tokenOf(reader), 401],
    ['no token', () => undefined, 401],
  ])('belongs to %s or not', async (_, bearer, status) => {
    now = noon
    expect(await report([], { bearer: bearer() })).toMatchObject({ status })
  })

  test('does not include reading a client, or changing it', async () => {
    now = noon
    const client_id = await registered()
    const read = await api.call(`/clients/${client_id}`, { bearer: tokenOf(reporter) })
    expect(read).toMatchObject({ status: 403, body: { error: 'insufficient_scope' } })
    const bearer = tokenOf(reporter, 'clients:read client-admin')
    expect(await api.call(`/clients/${client_id}`, { bearer })).toMatchObject({ status: 401 })
    const method = 'DELETE'
    expect(await api.call(`/clients/${client_id}`, { method, bearer })).toMatchObject({
      status: 401,
    })
  })

  test('is used up by one report where the token is for single use', async () => {
    now = noon
    const bearer = tokenOf(onceReporter)
    expect(await report('text', { bearer })).toMatchObject({ status: 400 })
    expect(await report([], { bearer })).toMatchObject({ status: 200 })
    expect(await report([], { bearer })).toMatchObject({ status: 401 })
  })

  test('cannot be registered by a client for itself', async () => {
    now = noon
    const metadata = { redirect_uris: ['https://client.example/cb'], scope: 'openid clients:use' }
    expect((await api.register(metadata)).body).toMatchObject({ scope: 'openid' })
  })
})
