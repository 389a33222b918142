import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { serveSecrets } from '../../cdk/local/secrets-endpoint.ts'
import { composeServer } from '../../functions/compose-server.ts'
import { endpoint, type Respond } from '../../functions/http/endpoint.ts'
import { json } from '../../functions/http/response.ts'
import type { Server } from '../../lib/server.ts'
import { silentEndpoint } from '../doubles/silent-endpoint.ts'

const arn = (name: string) => `arn:aws:secretsmanager:eu-central-1:000000000000:secret:${name}`
const masterToken = 'the-master-token-of-these-tests'
const stored = new Map([
  [arn('ring'), JSON.stringify({ current: 'k1', k1: 'a-key-of-these-tests-that-is-long-enough' })],
  [arn('secret-ring'), JSON.stringify({ current: 's1', s1: 'a-key-of-client-secrets-'.repeat(2) })],
  [arn('master'), masterToken],
])

const folder = mkdtempSync(join(tmpdir(), 'silent-'))
writeFileSync(join(folder, 'settings.json'), '{}')

let silent: Awaited<ReturnType<typeof silentEndpoint>>
let secrets: Awaited<ReturnType<typeof serveSecrets>>
beforeAll(async () => {
  silent = await silentEndpoint()
  secrets = await serveSecrets(stored)
})
afterAll(() => {
  silent.close()
  secrets.close()
  rmSync(folder, { recursive: true })
})

/** A fresh instance of a Lambda of this stage, as Lambda starts it. */
async function start(lambda: 'register-client' | 'client-configuration', secretsUrl: string) {
  const environment = {
    LAMBDA_TASK_ROOT: folder,
    API_URL: 'https://as.example',
    TABLE_NAME: 'clients',
    KEY_RING_SECRET: arn('ring'),
    CLIENT_SECRET_KEY_RING_SECRET: arn('secret-ring'),
    MASTER_TOKEN_SECRET: arn('master'),
    AWS_ENDPOINT_URL_DYNAMODB: silent.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsUrl,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  }
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
  vi.resetModules()
  return import(`../../functions/${lambda}.ts`) as Promise<{ handler: Handler }>
}

type Handler = ReturnType<typeof endpoint>

const event = (method: string, bearer: string, body?: object) =>
  ({
    routeKey: bearer.startsWith('rat_') ? 'ANY /register/{client_id}' : 'ANY /register',
    rawPath: '/register',
    rawQueryString: '',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
    pathParameters: { client_id: 'a-client' },
    requestContext: {
      requestId: 'r1',
      timeEpoch: Date.now(),
      http: { method, path: '/register', sourceIp: '127.0.0.1' },
    },
    ...(body && { body: JSON.stringify(body) }),
    isBase64Encoded: false,
  }) as unknown as APIGatewayProxyEventV2

const context = { awsRequestId: 'r1' } as Context

async function answered(handler: Handler, sent: APIGatewayProxyEventV2) {
  const began = performance.now()
  const answer = await handler(sent, context)
  return { ...answer, seconds: (performance.now() - began) / 1000 }
}

const unavailable = {
  statusCode: 503,
  headers: {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'retry-after': expect.stringMatching(/^\d+$/),
  },
}

const metadata = { redirect_uris: ['https://client.example/callback'] }
const token = `iat_s${'a'.repeat(20)}_${'b'.repeat(43)}`

describe('an AWS service that never answers', () => {
  test.each([
    ['register-client', 'POST', token, metadata],
    ['register-client', 'POST', masterToken, metadata],
    ['client-configuration', 'GET', `rat_${'c'.repeat(43)}`, undefined],
    [
      'client-configuration',
      'PUT',
      `rat_${'c'.repeat(43)}`,
      { ...metadata, client_id: 'a-client' },
    ],
    ['client-configuration', 'DELETE', `rat_${'c'.repeat(43)}`, undefined],
  ] as const)(
    '%s: %s ends in 503 OAuth JSON within nine seconds where it is DynamoDB',
    async (lambda, method, bearer, body) => {
      const { handler } = await start(lambda, secrets.url)
      const {
        seconds,
        body: text,
        ...answer
      } = await answered(handler, event(method, bearer, body))
      expect(answer).toMatchObject(unavailable)
      expect(JSON.parse(String(text))).toMatchObject({ error: 'temporarily_unavailable' })
      expect(seconds).toBeLessThan(9)
    },
  )

  test('ends in 503 OAuth JSON within nine seconds where it is Secrets Manager', async () => {
    const { handler } = await start('register-client', silent.url)
    const sent = event('POST', masterToken, metadata)
    const { seconds, ...answer } = await answered(handler, sent)
    expect(answer).toMatchObject(unavailable)
    expect(seconds).toBeLessThan(9)
  })
})

describe('a request', () => {
  test('has eight seconds, whatever it waits for', async () => {
    const never: Respond = () => new Promise(() => {})
    await start('register-client', secrets.url)
    const { seconds, ...answer } = await answered(
      endpoint(composeServer([]), never),
      event('GET', token),
    )
    expect(answer).toMatchObject(unavailable)
    expect(seconds).toBeGreaterThan(7.9)
    expect(seconds).toBeLessThan(9)
  })

  test('begins nothing in the database once it was answered that it takes too long', async () => {
    await start('register-client', secrets.url)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const late = Promise.withResolvers<void>()
    const find = vi.fn(async ({ clients }: Server) => {
      await late.promise
      return clients.find('a-client')
    })
    const slow: Respond = async (_event, server) => json(200, { client: await find(server) })
    const answer = endpoint(composeServer([]), slow)(event('GET', token), context)
    await vi.advanceTimersByTimeAsync(8_000)
    expect(await answer).toMatchObject(unavailable)
    vi.useRealTimers()
    late.resolve()
    await expect(find.mock.results[0]?.value).rejects.toThrow(
      'the request has been answered already',
    )
  })

  test('that is answered keeps no timer behind', async () => {
    await start('register-client', secrets.url)
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const handler = endpoint(composeServer([]), async () => json(200, {}))
    const before = vi.getTimerCount()
    expect(await handler(event('GET', token), context)).toMatchObject({ statusCode: 200 })
    expect(vi.getTimerCount()).toBe(before)
  })
})

describe('an instance that starts', () => {
  test('has its secrets read, once, before the first request asks for them', async () => {
    let readings = 0
    class Watched extends Map<string, string> {
      override get(id: string) {
        if (id === arn('ring')) readings += 1
        return super.get(id)
      }
    }
    const watched = await serveSecrets(new Watched(stored))
    onTestFinished(watched.close)
    const { handler } = await start('register-client', watched.url)
    await vi.waitFor(() => expect(readings).toBe(1))
    await answered(handler, event('POST', masterToken, metadata))
    expect(readings).toBe(1)
  })

  test('starts where nothing answers, and leaves no rejection unhandled', async () => {
    const unhandled: unknown[] = []
    const keep = (reason: unknown) => unhandled.push(reason)
    process.on('unhandledRejection', keep)
    onTestFinished(() => void process.off('unhandledRejection', keep))
    await start('register-client', silent.url)
    await sleep(4_000)
    expect(unhandled).toEqual([])
  })
})
