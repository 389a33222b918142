import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, day, idsOf, noon, startStory } from './story.ts'

describe('clean-up of a hundred clients, of which thirty are used', () => {
  let story: Awaited<ReturnType<typeof startStory>>
  let used: readonly Client[]
  let unused: readonly Client[]
  beforeAll(async () => {
    story = await startStory({ cleanUp: { mode: 'on' } })
    const clients = await story.registerMany(100)
    used = clients.slice(0, 30)
    unused = clients.slice(30)
    story.clock.now += 20 * day
    await story.report(used)
  })
  afterAll(() => story.close())

  test('leaves all as they are before they are due', async () => {
    story.clock.now = noon + 29 * day
    await story.report([])
    expect(await story.night()).toMatchObject({ stale: 0, due: 0, kept: 0, finished: true })
    expect(await story.idsIn('stale')).toEqual([])
  })

  test('shows the operator who would go', async () => {
    story.clock.now = noon + 30 * day
    await story.report([])
    expect(await story.idsIn('due')).toEqual(idsOf(unused))
    const [first, second] = [unused[0], used[0]]
    if (first === undefined || second === undefined) throw new Error('there is no client')
    expect(await story.show(first)).toMatchObject({ stale_after: noon + 30 * day })
    expect(await story.show(second)).toMatchObject({ stale_after: noon + 110 * day })
  })

  test('makes the seventy stale, none of the used, and repeats nothing', async () => {
    expect(await story.night()).toMatchObject({ stale: 70, kept: 30, deleted: 0, finished: true })
    expect(await story.idsIn('stale')).toEqual(idsOf(unused))
    expect(await story.idsIn('due')).toEqual([])
    for (const client of used)
      expect(await story.show(client)).toMatchObject({ state: 'active', disabled: false })
    expect(await story.night()).toMatchObject({ stale: 0, kept: 0, due: 0 })
  })

  test('publishes that each of them is stale', async () => {
    await expect
      .poll(() => story.events.filter(({ type }) => type === 'client.stale').length, {
        timeout: 30_000,
      })
      .toBe(70)
  })

  test('shows a stale client as stale, and not as disabled', async () => {
    const [client] = unused
    if (client === undefined) throw new Error('there is no client')
    expect(await story.show(client)).toMatchObject({
      state: 'stale',
      disabled: false,
      stale_at: story.clock.now,
      deleted_after: story.clock.now + 90 * day,
    })
    expect(await story.show(client)).not.toHaveProperty('stale_after')
  })

  test('is undone for each of the seventy by one request with the token that it had', async () => {
    story.clock.now += day
    for (const { path, token } of unused)
      expect(await story.api.call(path, { bearer: token })).toMatchObject({ status: 200 })
    expect(await story.idsIn('stale')).toEqual([])
    for (const client of unused)
      expect(await story.show(client)).toMatchObject({
        state: 'active',
        last_used_at: story.clock.now,
      })
    await expect
      .poll(() => story.events.filter(({ type }) => type === 'client.revived').length, {
        timeout: 30_000,
      })
      .toBe(70)
  })

  test('looks at the revived again once they could have been deleted', async () => {
    story.clock.now = noon + 120 * day
    await story.report([])
    expect(await story.night()).toMatchObject({ deleted: 0, stale: 30, kept: 70 })
    expect(await story.idsIn('stale')).toEqual(idsOf(used))
  })

  test('keeps what is left of a client that is deleted, and rejects its token like any other', async () => {
    story.clock.now = noon + 125 * day
    await story.report(unused)
    story.clock.now = noon + 210 * day
    await story.report([])
    expect(await story.night()).toMatchObject({ deleted: 30, stale: 0 })
    expect(await story.idsIn('deleted')).toEqual(idsOf(used))
    expect(await story.all()).toHaveLength(70)
    const [left] = await story.all('&state=deleted')
    expect(left).toEqual({
      client_id: expect.any(String),
      client_id_issued_at: expect.any(Number),
      last_used_at: noon + 20 * day,
      stale_at: noon + 120 * day,
      deleted_at: noon + 210 * day,
    })
    const [{ path, token } = { path: '', token: '' }] = used
    const gone = await story.api.call(path, { bearer: token })
    const unknown = await story.api.call('/register/unknown', { bearer: token })
    expect([gone.status, gone.body]).toEqual([unknown.status, unknown.body])
    expect(gone.status).toBe(401)
  })
})
