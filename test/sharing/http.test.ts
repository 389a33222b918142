import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, startApi } from '../support/api.ts'

let api: Api
beforeAll(async () => {
  api = await startApi({ settings: { profile: 'mcp', sharing: 'public', registrationAccessToken } })
})
afterAll(() => api.service.close())

const registrationAccessToken = { rotateOn: ['read' as const, 'update' as const] }

/** What each installation of one program registers, but for the port. */
const program = (port: number, more: object = {}) => ({
  client_name: 'A program',
  redirect_uris: [`http://127.0.0.1:${port}/callback`],
  token_endpoint_auth_method: 'none',
  grant_types: ['authorization_code', 'refresh_token'],
  scope: 'openid profile',
  ...more,
})

const register = (body: object) => api.call('/register', { method: 'POST', body })

const randomPort = () => 1024 + Math.floor(Math.random() * 64_000)

/** Calls this often, with at most a hundred calls at a time. */
async function atOnce<Result>(count: number, work: () => Promise<Result>): Promise<Result[]> {
  const results: Result[] = []
  let started = 0
  const worker = async () => {
    while (started < count) {
      started += 1
      results.push(await work())
    }
  }
  await Promise.all(Array.from({ length: 100 }, worker))
  return results
}

const path = (body: Readonly<Record<string, unknown>>) =>
  new URL(String(body.registration_client_uri)).pathname

const bearerOf = (body: Readonly<Record<string, unknown>>) => String(body.registration_access_token)

describe('with sharing: public', () => {
  test('a thousand registrations with random ports leave one client, and all tokens only read it', async () => {
    const answers = await atOnce(1_000, () => register(program(randomPort())))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]))
    expect(new Set(answers.map(({ body }) => body.client_id)).size).toBe(1)
    expect(new Set(answers.map(({ body }) => body.registration_access_token)).size).toBe(1_000)

    const { masterToken } = api.service
    const { body: page } = await api.call('/clients', { bearer: masterToken })
    expect(page.clients).toHaveLength(1)

    const sampled = answers.filter((_, index) => index % 50 === 0)
    expect(sampled).toHaveLength(20)
    for (const { body } of sampled) {
      const bearer = bearerOf(body)
      const read = await api.call(path(body), { bearer })
      expect(read).toMatchObject({
        status: 200,
        body: { client_id: body.client_id, registration_access_token: bearer },
      })
      expect(read.body.redirect_uris).toEqual(['http://127.0.0.1/callback'])
      const update = { ...program(1), client_id: body.client_id, client_name: 'Taken over' }
      for (const request of [{ method: 'PUT', body: update }, { method: 'DELETE' }]) {
        const rejected = await api.call(path(body), { bearer, ...request })
        expect(rejected).toMatchObject({ status: 403, body: { error: 'insufficient_scope' } })
        expect(rejected.headers.get('www-authenticate')).toContain('error="insufficient_scope"')
      }
    }
    const [{ body: first } = { body: {} }] = answers
    const read = await api.call(path(first), { bearer: bearerOf(first) })
    expect(read.body.client_name).toBe('A program')
  })

  test('the response has the redirect URIs of its own request', async () => {
    const body = program(4711, { client_name: 'Another program' })
    for (const port of [4711, 4712]) {
      const redirect_uris = [`http://127.0.0.1:${port}/callback`]
      const answer = await register({ ...body, redirect_uris })
      expect(answer.body).toMatchObject({ redirect_uris, application_type: 'native' })
    }
  })

  test.each<[string, object]>([
    ['path', { redirect_uris: ['http://127.0.0.1:80/other'] }],
    ['loopback host', { redirect_uris: ['http://localhost:80/callback'] }],
    ['redirect host', { redirect_uris: ['https://client.example/callback'] }],
    [
      'further redirect URI',
      { redirect_uris: ['http://127.0.0.1/callback', 'com.example:/callback'] },
    ],
    ['name', { client_name: 'A Program' }],
    ['scope', { scope: 'openid' }],
    ['grant type', { grant_types: ['authorization_code'] }],
    ['application type', { application_type: 'web' }],
  ])('another %s is another client, whose token reads no other', async (_, more) => {
    const { body: one } = await register(program(randomPort()))
    const { body: other } = await register(program(randomPort(), more))
    expect(other.client_id).not.toBe(one.client_id)
    for (const [client, token] of [
      [one, other],
      [other, one],
    ] as const) {
      const read = await api.call(path(client), { bearer: bearerOf(token) })
      expect(read).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
    }
  })

  test('the port of a web application is compared', async () => {
    const web = { application_type: 'web' }
    const [one, same, other] = await Promise.all(
      [4001, 4001, 4002].map((port) => register(program(port, web))),
    )
    expect(same?.body.client_id).toBe(one?.body.client_id)
    expect(other?.body.client_id).not.toBe(one?.body.client_id)
  })

  test('the order of members does not matter', async () => {
    const { body: one } = await register(program(1))
    const reversed = Object.fromEntries(Object.entries(program(2)).reverse())
    const { body: other } = await register(reversed)
    expect(other.client_id).toBe(one.client_id)
  })

  test('a client with a secret, or of a token, is its own', async () => {
    const secret = program(1, { token_endpoint_auth_method: 'client_secret_basic' })
    const bearer = await api.initialAccessToken({ max_uses: 2 })
    const owned = () => api.call('/register', { method: 'POST', bearer, body: program(1) })
    for (const registration of [() => register(secret), owned]) {
      const [one, other] = [await registration(), await registration()]
      expect([one.status, other.status]).toEqual([201, 201])
      expect(other.body.client_id).not.toBe(one.body.client_id)
      const update = { ...one.body, client_name: 'Renamed' }
      for (const member of Object.keys(update))
        if (/^(registration_|client_secret_expires_at|client_id_issued_at)/.test(member))
          Reflect.deleteProperty(update, member)
      const changed = await api.call(path(one.body), {
        method: 'PUT',
        bearer: bearerOf(one.body),
        body: update,
      })
      expect(changed.status).toBe(200)
    }
  })
})
