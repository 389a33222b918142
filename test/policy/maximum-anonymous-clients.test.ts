import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { describe, expect, test } from 'vitest'
import { errorResponse } from '../../functions/http/response.ts'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { countersOf } from '../../lib/adapters/dynamodb/hourly-counters.ts'
import { registerClient } from '../../lib/register-client.ts'
import type { Server } from '../../lib/server.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { updateClient } from '../../lib/update-client.ts'
import { initialAccessToken, now, ordinary, outcomeOf, tally } from '../support/clients.ts'
import { composeServer, masterToken } from '../support/compose.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { problemsOf } from '../support/problems-of.ts'
import { testServer } from '../support/server.ts'
import { stored } from '../support/stored.ts'

const settings = (perHour: number, perHost?: number): SettingsInput => ({
  registration: 'dynamic',
  policies: ['maximum-anonymous-clients'],
  policySettings: { 'maximum-anonymous-clients': { perHour, ...(perHost && { perHost }) } },
})

const limited = (perHour: number, perHost?: number) =>
  testServer({ settings: settings(perHour, perHost) })

const registerAt = (server: Server, ...redirect_uris: string[]) =>
  outcomeOf(
    registerClient({ bearer: undefined, body: { ...ordinary, redirect_uris }, now }, server),
  )

const register = (server: Server, at = now, bearer?: string) =>
  registerClient({ bearer, body: ordinary, now: at }, server)

/** The beginning of the hour in which the tests' story begins. */
const hour = now - (now % 3600)

describe('the policy maximum-anonymous-clients', () => {
  test('is exact under thirty registrations at once', async () => {
    const server = await limited(5)
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, () => outcomeOf(register(server))),
    )
    expect(tally(outcomes)).toEqual({ ok: 5, too_many_requests: 25 })
    expect(await stored(server, 'CLIENT#')).toHaveLength(5)
    expect(await stored(server, 'HOUR#')).toMatchObject([{ clients: 5 }])
  })

  test('rejects until the next hour, and says when that is', async () => {
    const server = await limited(1)
    await register(server, hour)
    for (const [at, retryAfterSeconds] of [
      [hour, 3600],
      [hour + 3599, 1],
    ] as const)
      await expect(register(server, at)).rejects.toMatchObject({
        status: 429,
        error: 'temporarily_unavailable',
        details: { retryAfterSeconds },
      })
    expect(await outcomeOf(register(server, hour + 3600))).toBe('ok')
    expect(await outcomeOf(register(server, hour + 3600))).toBe('too_many_requests')
  })

  test('is answered by 429 with Retry-After', async () => {
    const server = await limited(1)
    await register(server, hour)
    const rejection = await register(server, hour + 3000).catch((error) => error)
    const { statusCode, headers, body = '' } = errorResponse(rejection)
    expect(statusCode).toBe(429)
    expect(headers['retry-after']).toBe('600')
    expect(JSON.parse(body)).toMatchObject({ error: 'temporarily_unavailable' })
  })

  test('keeps no count for longer than it needs', async () => {
    const server = await limited(1)
    await register(server, hour + 5)
    expect(await stored(server, 'HOUR#')).toMatchObject([
      { pk: `HOUR#${hour}`, expires_at: hour + 7200 },
    ])
  })

  test('counts nobody who has a token', async () => {
    const server = await limited(1)
    await register(server)
    for (const bearer of [masterToken, await initialAccessToken(server)])
      expect(await outcomeOf(register(server, now, bearer))).toBe('ok')
    expect(await stored(server, 'HOUR#')).toMatchObject([{ clients: 1 }])
  })

  test('counts neither updates nor what is rejected', async () => {
    const server = await limited(2)
    const { client_id, registration_access_token: bearer } = await register(server)
    const body = { ...ordinary, client_id }
    await updateClient({ bearer, client_id, body, now }, server)
    const rejected = { ...ordinary, redirect_uris: [] }
    expect(
      await outcomeOf(registerClient({ bearer: undefined, body: rejected, now }, server)),
    ).toBe('invalid_redirect_uri')
    expect(await stored(server, 'HOUR#')).toMatchObject([{ clients: 1 }])
  })

  test('is exact over several counters, of which no request meets a full one twice', async () => {
    const server = await limited(1_000)
    const sent: string[] = []
    const documents = documentClient({ endpoint: embeddedDynamodb }, ({ command }) =>
      sent.push(command),
    )
    const counters = countersOf({ kind: 'anonymous_client', hour, max: 1_000 })
    expect(counters.map(({ max }) => max)).toEqual([250, 250, 250, 250])
    for (const { pk } of counters) {
      const Item = { pk, schema: 1, clients: 245 }
      await documents.send(new PutCommand({ TableName: server.TableName, Item }))
    }
    const instances = [1, 2].map(() => composeServer(documents, server.TableName, settings(1_000)))
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, index) => outcomeOf(register(instances[index % 2] ?? server))),
    )
    expect(tally(outcomes)).toEqual({ ok: 20, too_many_requests: 30 })
    const totals = (await stored(server, 'HOUR#')).map(({ clients }) => clients)
    expect(totals).toEqual([250, 250, 250, 250])
    sent.length = 0
    for (const instance of instances)
      expect(await outcomeOf(register(instance))).toBe('too_many_requests')
    expect(sent).toEqual([])
    documents.destroy()
  })

  test.each([
    [1, [1]],
    [499, [499]],
    [501, [250, 251]],
    [1_000_000, Array(8).fill(125_000)],
  ])('spreads a limit of %j over counters whose parts add up to it', (max, parts) => {
    expect(countersOf({ kind: 'anonymous_client', hour, max }).map((part) => part.max)).toEqual(
      parts,
    )
  })

  test('limits each redirect host, exact under fifty registrations at once', async () => {
    const server = await limited(1_000, 3)
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        registerAt(server, `https://${index % 2 ? 'one' : 'two'}.example/${index}`),
      ),
    )
    expect(tally(outcomes)).toEqual({ ok: 6, too_many_requests: 44 })
    expect(await registerAt(server, 'https://three.example/')).toBe('ok')
    expect(await registerAt(server, 'https://three.example/', 'https://one.example/')).toBe(
      'too_many_requests',
    )
    const hosts = (await stored(server, 'HOUR#')).filter(({ pk }) => /#[\w-]{22}$/.test(pk))
    expect(hosts.map(({ clients }) => Number(clients)).sort()).toEqual([1, 3, 3])
  })

  test('counts as many hosts as a client may have, beside every other quota', async () => {
    const server = await testServer({
      settings: {
        registration: 'dynamic',
        limits: { redirectUris: 90 },
        policies: ['maximum-anonymous-clients', 'maximum-clients-per-software'],
        policySettings: {
          'maximum-anonymous-clients': { perHour: 10, perHost: 10 },
          'maximum-clients-per-software': { max: 10 },
        },
      },
    })
    const redirect_uris = Array.from({ length: 90 }, (_, index) => `https://a${index}.example/`)
    const body = { ...ordinary, redirect_uris, software_id: 'notes' }
    await registerClient({ bearer: undefined, body, now }, server)
    expect(await stored(server, 'HOUR#')).toHaveLength(91)
    expect(problemsOf({ limits: { redirectUris: 91 } }).join()).toContain('limits.redirectUris: ')
  })

  test('counts loopback as one redirect host, and private-use schemes as another', async () => {
    const server = await limited(1_000, 1)
    expect(await registerAt(server, 'http://127.0.0.1:1/', 'http://localhost/')).toBe('ok')
    expect(await registerAt(server, 'http://[::1]:2/')).toBe('too_many_requests')
    expect(await registerAt(server, 'com.example.one:/')).toBe('ok')
    expect(await registerAt(server, 'com.example.two:/')).toBe('too_many_requests')
  })

  test.each([0, 1.5, 1_000_001])('a wrong number of clients is named: %j', (perHour) => {
    const policySettings = { 'maximum-anonymous-clients': { perHour } }
    expect(problemsOf({ policySettings }).join()).toContain('maximum-anonymous-clients.perHour: ')
  })

  test('takes the place of the limit for owners, which an open stage names as a contradiction', () => {
    const settings = {
      policies: ['maximum-clients-per-owner'],
      policySettings: { 'maximum-clients-per-owner': { max: 3 } },
    }
    expect(problemsOf(settings)).toEqual([])
    expect(problemsOf({ ...settings, registration: 'dynamic' })).toEqual([
      expect.stringMatching(/^policies: maximum-clients-per-owner contradicts registration/),
    ])
  })
})
