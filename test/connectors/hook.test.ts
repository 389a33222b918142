import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, startApi } from '../support/api.ts'
import { storedAt } from './stored-at.ts'

type Call = {
  readonly registered?: string
  readonly undone?: string
  readonly digest?: string
  readonly isActive?: boolean
}

let api: Api
beforeAll(async () => {
  api = await startApi({
    extensions: join(import.meta.dirname, 'extensions'),
    settings: { registration: 'dynamic', sharing: 'public' },
  })
})
afterAll(() => api?.service.close())

const redirect_uris = ['https://client.example/callback']

/** The calls of the hook so far. */
const calls = (): readonly Call[] =>
  api.log.flatMap((line) =>
    line.split('\n').flatMap((text) => {
      const [, json] = /hook (\{.*\})/.exec(text) ?? []
      return json === undefined ? [] : [JSON.parse(json)]
    }),
  )

/** The last call of the hook, once it is written. */
async function lastCall(matches: (call: Call) => boolean): Promise<Call | undefined> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const found = calls().findLast(matches)
    if (found !== undefined) return found
    await pause(20)
  }
  return undefined
}

const register = (bearer: string | undefined, client_name: string, body: object = {}) =>
  api.call('/register', { method: 'POST', bearer, body: { redirect_uris, client_name, ...body } })

const clients = () => storedAt(api.service, 'CLIENT#')

describe('the hook of a registration', () => {
  test('a client is known to the hook, with its secret, before the response', async () => {
    const { status, body } = await register(await api.initialAccessToken(), 'passes')
    expect(status).toBe(201)
    const call = await lastCall(({ registered }) => registered === body.client_id)
    const digest = createHash('sha256').update(String(body.client_secret)).digest('hex')
    expect(call).toMatchObject({ digest, isActive: true, redirect_uris })
    expect(calls().filter(({ undone }) => undone === body.client_id)).toEqual([])
  })

  test.each([
    ['a hook that throws', 'throws', 503, 'temporarily_unavailable'],
    ['a hook that takes too long', 'never ends', 503, 'temporarily_unavailable'],
    ['a hook that rejects the client', 'rejects', 400, 'invalid_client_metadata'],
  ])('%s leaves nothing behind, and keeps the token', async (_, name, status, error) => {
    const before = await clients()
    const bearer = await api.initialAccessToken()
    const failed = await register(bearer, name)
    expect(failed).toMatchObject({ status, body: { error } })
    if (status === 503) expect(failed.headers.get('retry-after')).toBe('5')
    const { registered } = (await lastCall((call) => call.registered !== undefined)) ?? {}
    expect(await lastCall(({ undone }) => undone === registered)).toBeDefined()
    expect(await clients()).toEqual(before)
    expect((await register(bearer, 'passes')).status).toBe(201)
  })

  test('a Lambda that ends inside the hook leaves nothing behind, and keeps the token', async () => {
    const before = await clients()
    const bearer = await api.initialAccessToken()
    expect((await register(bearer, 'dies')).status).toBe(500)
    expect(await clients()).toEqual(before)
    expect((await register(bearer, 'passes')).status).toBe(201)
  })

  test('a secret in an error of the hook is not logged', async () => {
    await register(await api.initialAccessToken(), 'throws')
    const digests = calls().flatMap(({ digest }) => digest ?? [])
    const words = api.log.join('\n').match(/[\w-]{32,}/g) ?? []
    const logged = new Set(words.map((word) => createHash('sha256').update(word).digest('hex')))
    expect(digests.length).toBeGreaterThan(0)
    expect(digests.filter((digest) => logged.has(digest))).toEqual([])
    expect(api.log.some((line) => line.includes('cannot take [redacted]'))).toBe(true)
  })

  test('a shared client is registered by equal requests at once, and none of them undoes it', async () => {
    const body = { token_endpoint_auth_method: 'none' }
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => register(undefined, 'is shared', body)),
    )
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201))
    const [client_id] = answers.map(({ body }) => body.client_id)
    expect((await register(undefined, 'is shared', body)).body.client_id).toBe(client_id)
    const registrations = calls().filter(({ registered }) => registered === client_id)
    expect(registrations.length).toBeLessThanOrEqual(8)
    expect(calls().filter(({ undone }) => undone === client_id)).toEqual([])
  })

  test('a dry run does not call the hook', async () => {
    const before = calls().length
    const bearer = await api.initialAccessToken()
    const body = { redirect_uris, client_name: 'throws' }
    const preview = await api.call('/register?dry_run=true', { method: 'POST', bearer, body })
    expect(preview.status).toBe(200)
    await pause(100)
    expect(calls().length).toBe(before)
  })
})
