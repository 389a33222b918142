import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, describe, expect, test } from 'vitest'
import { startService } from '../../cdk/local/service.ts'
import { variants } from '../cdk/variants.ts'
import { send } from './http-request.ts'

const data = mkdtempSync(join(tmpdir(), 'kept data '))
afterAll(() => rmSync(data, { recursive: true }))

const register = (url: string, token: string) =>
  send(url, {
    method: 'POST',
    path: '/register',
    headers: ['authorization', `Bearer ${token}`, 'content-type', 'application/json'],
    body: JSON.stringify({ redirect_uris: ['https://client.example/callback'] }),
  })

/** Makes the secrets of a data folder those of a version whose only key ring had all keys. */
function mergeKeyRings(folder: string) {
  const file = join(folder, 'secrets.json')
  const all = Object.entries<string>(JSON.parse(readFileSync(file, 'utf8')))
  const [own = ['', '{}']] = all.filter(([id]) => id.includes('ClientSecretKeyRing'))
  const before = all
    .filter(([id]) => id !== own[0])
    .map(([id, value]) =>
      id.includes('SecretsKeyRing')
        ? [id, JSON.stringify({ ...JSON.parse(own[1]), ...JSON.parse(value) })]
        : [id, value],
    )
  writeFileSync(file, JSON.stringify(Object.fromEntries(before)))
}

type Database = { readonly dynamodbEndpoint: string; readonly tableName: string }

/** Whether the database of a service still runs, with its table as it was. */
async function hasTable({ dynamodbEndpoint, tableName }: Database): Promise<boolean> {
  const client = new DynamoDBClient({ endpoint: dynamodbEndpoint, maxAttempts: 1 })
  const created = tables.get(dynamodbEndpoint)
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }))
    const id = Table?.TableId ?? String(Table?.CreationDateTime)
    tables.set(dynamodbEndpoint, created ?? id)
    return (created ?? id) === id
  } catch {
    return false
  } finally {
    client.destroy()
  }
}

/** What identifies the table that was first seen at an endpoint. */
const tables = new Map<string, string>()

const issue = (url: string, token: string) =>
  send(url, {
    method: 'POST',
    path: '/initial-access-tokens',
    headers: ['authorization', `Bearer ${token}`, 'content-type', 'application/json'],
    body: '{}',
  })

describe('the local service', () => {
  test('keeps what was stored over a restart, readable by its owner only', async () => {
    const first = await startService({ dataDirectory: data })
    const issued = JSON.parse((await issue(first.url, first.masterToken)).text)
    await first.close()
    for (const file of ['secrets.json', 'dynamodb.sqlite']) {
      expect(statSync(join(data, file)).mode & 0o077).toBe(0)
    }

    const second = await startService({ dataDirectory: data })
    try {
      expect(second.masterToken).toBe(first.masterToken)
      expect((await register(second.url, issued.access_token)).status).toBe(201)
    } finally {
      await second.close()
    }
  })

  test('shows the client secrets of a data folder that had one key ring', async () => {
    const dataDirectory = join(data, 'before')
    const first = await startService({ dataDirectory })
    const client = JSON.parse((await register(first.url, first.masterToken)).text)
    await first.close()
    mergeKeyRings(dataDirectory)

    const second = await startService({ dataDirectory })
    try {
      const headers = ['authorization', `Bearer ${client.registration_access_token}`]
      const path = `/register/${client.client_id}`
      const { text } = await send(second.url, { method: 'GET', path, headers })
      expect(JSON.parse(text).client_secret).toBe(client.client_secret)
      expect((await register(second.url, second.masterToken)).status).toBe(201)
    } finally {
      await second.close()
    }
  })

  test('runs beside others, each with its own settings and secrets', async () => {
    const services = await Promise.all([
      startService({ settings: { registrationPath: '/one' }, masterToken: 'a'.repeat(64) }),
      startService({ settings: { initialAccessToken: { static: true } } }),
    ])
    const [one, two] = services
    try {
      expect(one.registrationEndpoint).toBe(`${one.url}/one`)
      expect(one.staticInitialAccessToken).toBeUndefined()
      expect(two.staticInitialAccessToken).toHaveLength(64)
      expect((await issue(one.url, 'a'.repeat(64))).status).toBe(200)
      expect((await issue(one.url, two.masterToken)).status).toBe(401)
      expect(await hasTable(two)).toBe(true)
    } finally {
      await Promise.all(services.map((service) => service.close()))
    }
    // Another program may have taken a port that is free again.
    const answer = issue(one.url, 'a'.repeat(64)).then(({ status }) => status)
    expect(await answer.catch(() => 'nobody')).not.toBe(200)
    expect(await hasTable(two)).toBe(false)
  })

  test('does not start with an invalid setting, which it names', async () => {
    const settings = { throttle: { rate: 0 } }
    await expect(startService({ settings })).rejects.toThrow('throttle.rate')
  })

  test('leaves out what only a deployment adds, says so, and validates it all the same', async () => {
    const said: string[] = []
    const settings = { ...variants['a firewall'], tracing: true }
    const service = await startService({ settings, progress: (step) => said.push(step) })
    try {
      expect(said).toContain('leaving out what a deployment adds: region, firewall, tracing')
      const answer = await fetch(`${service.url}/.well-known/openid-configuration`)
      expect(await answer.json()).toMatchObject({
        registration_endpoint: `${service.url}/register`,
      })
    } finally {
      await service.close()
    }
    const wrong = { region: 'Frankfurt' }
    await expect(startService({ settings: wrong })).rejects.toThrow('region: expected a Region')
  })

  test.each([
    // A path that no earlier run had, so that there is something to synthesize.
    ['synthesizing the CDK app', { registrationPath: `/${randomUUID()}` }],
    ['starting the embedded DynamoDB', {}],
    ['creating the table', {}],
  ])('can be cancelled while it is %s', async (step, settings) => {
    const cancelled = new AbortController()
    const progress = (now: string) => now === step && cancelled.abort()
    const starting = startService({ settings, progress, signal: cancelled.signal })
    await expect(starting).rejects.toThrow('aborted')
  })
})
