import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { afterEach, describe, expect, test } from 'vitest'
import { type Client, day, idsOf, noon, startStory } from './story.ts'

let story: Awaited<ReturnType<typeof startStory>>
afterEach(() => story.close())

const on = { mode: 'on' } as const

describe('clean-up that observes', () => {
  test('counts the clients that would become stale, and changes nothing', async () => {
    story = await startStory({ profile: 'mcp' })
    const clients = await story.registerMany(5)
    const [used, ...unused] = clients
    story.clock.now = noon + 29 * day
    await story.report(used ? [used] : [])
    story.clock.now = noon + 30 * day
    const before = await story.all()
    for (const night of [await story.night(), await story.night()])
      expect(night).toMatchObject({ due: 4, stale: 0, deleted: 0, finished: true })
    expect(await story.idsIn('due')).toEqual(idsOf(unused))
    expect(await story.idsIn('stale')).toEqual([])
    const sequences = new Map(before.map(({ client_id, sequence }) => [client_id, sequence]))
    for (const { sequence, ...client } of await story.all()) {
      const { sequence: _, ...was } =
        before.find(({ client_id }) => client_id === client.client_id) ?? {}
      expect(client).toEqual(was)
      if (client.client_id !== used?.client_id)
        expect(sequence).toBe(sequences.get(client.client_id))
    }
    expect(story.events.every(({ type }) => type === 'client.registered')).toBe(true)
  })
})

describe('clean-up that is on', () => {
  test('makes nobody stale where no use is reported, and says so', async () => {
    story = await startStory({ cleanUp: on })
    const clients = await story.registerMany(2)
    story.clock.now = noon + 40 * day
    const withheld = { stale: 0, due: 2, reports_missing: true }
    expect(await story.night()).toMatchObject(withheld)
    await story.report([])
    story.clock.now += 2 * day
    expect(await story.night()).toMatchObject(withheld)
    await story.report([])
    expect(await story.night()).toMatchObject({ stale: 2, due: 0, reports_missing: false })
    expect(await story.idsIn('stale')).toEqual(idsOf(clients))
    story.clock.now += 90 * day
    expect(await story.night()).toMatchObject({ deleted: 0, due: 2, reports_missing: true })
    await expect.poll(() => story.api.log.join()).toContain('no use was reported for two days')
  })

  test('leaves clients of other kinds of registration alone', async () => {
    story = await startStory({ cleanUp: on })
    const { client_id } = await story.api.register()
    story.clock.now = noon + 300 * day
    await story.report([])
    expect(await story.night()).toMatchObject({ stale: 0, due: 0 })
    const client = await story.show({ client_id })
    expect(client).toMatchObject({ state: 'active' })
    expect(client).not.toHaveProperty('stale_after')
  })
})

/** A stale client of a story in which one other is used. */
async function stale(settings: object = {}): Promise<Client> {
  story = await startStory({ cleanUp: on, ...settings })
  const client = await story.register()
  story.clock.now = noon + 30 * day
  await story.report([])
  expect(await story.night()).toMatchObject({ stale: 1 })
  expect(await story.show(client)).toMatchObject({ state: 'stale' })
  return client
}

const body = {
  redirect_uris: ['https://client.example/callback'],
  token_endpoint_auth_method: 'none',
}

describe('a stale client is revived', () => {
  test('by a report of use', async () => {
    const client = await stale()
    await story.report([client])
    expect(await story.show(client)).toMatchObject({
      state: 'active',
      last_used_at: story.clock.now,
    })
  })

  test('by an update with its own token', async () => {
    const client = await stale()
    const { client_id, path, token: bearer } = client
    const request = { method: 'PUT', bearer, body: { ...body, client_id } }
    expect(await story.api.call(path, request)).toMatchObject({ status: 200 })
    expect(await story.show(client)).toMatchObject({ state: 'active' })
  })

  test('by a read that rotates its token', async () => {
    const client = await stale({ registrationAccessToken: { lifetime: 0, rotateOn: ['read'] } })
    const { path, token: bearer } = client
    expect(await story.api.call(path, { bearer })).toMatchObject({ status: 200 })
    expect(await story.show(client)).toMatchObject({ state: 'active' })
  })

  test('by the operator, for as long as a used client', async () => {
    const client = await stale()
    const path = `/clients/${client.client_id}`
    const bearer = story.api.service.masterToken
    const change = (stale: boolean) =>
      story.api.call(path, { method: 'PATCH', bearer, body: { stale } })
    expect(await change(true)).toMatchObject({
      status: 400,
      body: { error_description: 'stale: expected false' },
    })
    expect(await change(false)).toMatchObject({ status: 200, body: { state: 'active' } })
    story.clock.now += 89 * day
    await story.report([])
    expect(await story.night()).toMatchObject({ stale: 0 })
    story.clock.now += day
    await story.report([])
    expect(await story.night()).toMatchObject({ stale: 1 })
  })

  test('by nothing that another client does, and its secret is not valid meanwhile', async () => {
    story = await startStory({ cleanUp: { ...on, registeredBy: ['initial_access_token'] } })
    const { client_id, token, path, body } = await story.api.register()
    story.clock.now = noon + 30 * day
    await story.report([])
    expect(await story.night()).toMatchObject({ stale: 1 })
    const bearer = story.api.service.masterToken
    const valid = async () => {
      const request = { method: 'POST', bearer, body: { client_secret: body.client_secret } }
      return (await story.api.call(`/clients/${client_id}/secret-check`, request)).body
    }
    expect(await valid()).toEqual({ valid: false })
    expect(await story.api.call(path, { bearer: `${token}x` })).toMatchObject({ status: 401 })
    expect(await valid()).toEqual({ valid: false })
    expect(await story.api.call(path, { bearer: token })).toMatchObject({ status: 200 })
    expect(await valid()).toEqual({ valid: true })
  })
})

describe('a report of use by an event', () => {
  test('is recorded as one by a request', async () => {
    story = await startStory({ cleanUp: on, useEventSource: 'login.example' })
    const { client_id } = await story.register()
    const { eventBusEndpoint: endpoint } = story.api.service
    const bus = new EventBridgeClient({ endpoint })
    const send = (Source: string, clients: unknown) => {
      const entry = { Source, DetailType: 'client.used', Detail: JSON.stringify({ clients }) }
      return bus.send(new PutEventsCommand({ Entries: [entry] }))
    }
    await send('other.example', [{ client_id, used_at: noon - 20 }])
    await send('login.example', [{ client_id, used_at: 'now' }])
    await send('login.example', [{ client_id, used_at: noon - 10 }])
    bus.destroy()
    await expect
      .poll(async () => (await story.show({ client_id })).last_used_at, { timeout: 30_000 })
      .toBe(noon - 10)
    const log = () => story.api.log.join('\n')
    await expect.poll(log).toContain('clients.0.used_at: expected Unix seconds')
    expect(await story.night()).toMatchObject({ reports_missing: false })
  })

  test('records no use in the future, whatever time the event has, and hides no missing reports', async () => {
    story = await startStory({ cleanUp: on, useEventSource: 'login.example' })
    const { client_id } = await story.register()
    const ahead = Math.floor(Date.now() / 1000) + 400 * day
    const { eventBusEndpoint: endpoint } = story.api.service
    const bus = new EventBridgeClient({ endpoint })
    for (const clients of [[{ client_id, used_at: ahead }], []]) {
      const entry = {
        Source: 'login.example',
        DetailType: 'client.used',
        Detail: JSON.stringify({ clients }),
        Time: new Date(ahead * 1000),
      }
      await bus.send(new PutEventsCommand({ Entries: [entry] }))
    }
    bus.destroy()
    const log = () => story.api.log.join('\n')
    await expect.poll(log, { timeout: 30_000 }).toContain('clients.0.used_at: is in the future')
    await expect.poll(log, { timeout: 30_000 }).toContain('use recorded')
    expect(await story.show({ client_id })).not.toHaveProperty('last_used_at')
    story.clock.now = noon + 40 * day
    expect(await story.night()).toMatchObject({ stale: 0, due: 1, reports_missing: true })
  })
})
