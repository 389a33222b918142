import { describe, expect, test } from 'vitest'
import { cleanUp } from '../../lib/clean-up/clean-up.ts'
import { listClients } from '../../lib/operator/list-clients.ts'
import { reportUse } from '../../lib/operator/report-use.ts'
import { registerClient } from '../../lib/register-client.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { unreliableDynamodb } from '../doubles/unreliable-dynamodb.ts'
import { initialAccessToken, now, ordinary, outcomeOf } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { testServer } from '../support/server.ts'

const day = 86_400
const settings: SettingsInput = {
  cleanUp: { mode: 'on', registeredBy: ['initial_access_token'] },
}

/** A server with so many clients of alice, and what the operator and the night do there. */
async function withClients(count: number) {
  const server = await testServer({ settings })
  const bearer = await initialAccessToken(server, { sub: 'alice', max_uses: count })
  const ids: string[] = []
  for (let index = 0; index < count; index += 1)
    ids.push((await registerClient({ bearer, body: ordinary, now }, server)).client_id)
  const report = (clients: readonly string[], at: number) => {
    const body = { clients: clients.map((client_id) => ({ client_id, used_at: at })) }
    return reportUse({ bearer: masterToken, body, now: at }, server)
  }
  async function list(state: string, at: number, limit = '100') {
    const pages: object[][] = []
    let cursor: string | undefined
    do {
      const query = { state, limit, ...(cursor !== undefined && { cursor }) }
      const page = await listClients({ bearer: masterToken, now: at, query }, server)
      pages.push([...page.clients])
      cursor = page.next_cursor
    } while (cursor !== undefined)
    return pages
  }
  return {
    ids: ids.sort(),
    server,
    report,
    list,
    listedIds: async (state: string, at: number) =>
      (await list(state, at))
        .flat()
        .map((client) => Reflect.get(client, 'client_id'))
        .sort(),
    night: async (at: number) => {
      await report([], at)
      const { settings, cleanUp: store } = server
      return cleanUp(at, { settings, store, mayContinue: () => true })
    },
  }
}

describe('the list of clients by the state of clean-up', () => {
  test('has those that are due, then stale, then deleted', async () => {
    const { ids, report, night, listedIds, list } = await withClients(3)
    const [used = '', ...unused] = ids
    expect(await listedIds('due', now + 29 * day)).toEqual([])
    await report([used], now + 29 * day)
    const first = now + 30 * day
    expect(await listedIds('due', first)).toEqual(unused)
    expect(await night(first)).toMatchObject({ stale: 2, kept: 1 })
    expect(await listedIds('due', first)).toEqual([])
    expect(await listedIds('stale', first)).toEqual(unused)

    const second = now + 120 * day
    expect(await night(second)).toMatchObject({ deleted: 2 })
    expect(await listedIds('deleted', second)).toEqual(unused)
    const [[deleted] = []] = await list('deleted', second)
    expect(deleted).toEqual({
      client_id: expect.any(String),
      owner: 'alice',
      client_id_issued_at: now,
      stale_at: first,
      deleted_at: second,
    })
  })

  test('goes on where the page before ended, in each state', async () => {
    const { ids, night, list } = await withClients(5)
    const first = now + 30 * day
    const inPages = async (state: string, at: number) => {
      const pages = await list(state, at, '2')
      expect(Math.max(...pages.map(({ length }) => length))).toBeLessThanOrEqual(2)
      const found = pages.flat().map((client) => Reflect.get(client, 'client_id'))
      expect(found.sort()).toEqual(ids)
    }
    await inPages('due', first)
    await night(first)
    await inPages('stale', first)
    await night(now + 120 * day)
    await inPages('deleted', now + 120 * day)
  })

  test.each([
    ['of another state', { state: 'used' }],
    ['with another filter', { state: 'stale', owner: 'alice' }],
  ])('does not exist %s', async (_, query) => {
    const server = await testServer({ settings })
    const listed = listClients({ bearer: masterToken, now, query }, server)
    expect(await outcomeOf(listed)).toBe('invalid_request')
  })

  test('does not exist without clean-up', async () => {
    const server = await testServer()
    const listed = listClients({ bearer: masterToken, now, query: { state: 'due' } }, server)
    await expect(listed).rejects.toMatchObject({ description: 'state: clean-up is off here' })
  })
})

describe('a report of use', () => {
  test('counts clients by what became of their use, and revives stale ones', async () => {
    const { ids, report, night, listedIds } = await withClients(2)
    const [one = '', other = ''] = ids
    expect(await report([one, 'unknown'], now + 29 * day)).toEqual({
      recorded: 1,
      unchanged: 0,
      unknown: 1,
    })
    const later = now + 30 * day
    await night(later)
    expect(await listedIds('stale', later)).toEqual([other])
    expect(await report([one, other, one], later)).toEqual({
      recorded: 2,
      unchanged: 0,
      unknown: 0,
    })
    expect(await report([one, other], later)).toEqual({ recorded: 0, unchanged: 2, unknown: 0 })
    expect(await listedIds('stale', later)).toEqual([])
  })

  test('counts its own write as unchanged where the response is lost', async () => {
    const dynamodb = await unreliableDynamodb(embeddedDynamodb)
    const server = await testServer({ endpoint: dynamodb.endpoint })
    const request = { bearer: masterToken, body: ordinary, now }
    const { client_id } = await registerClient(request, server)
    dynamodb.fail('UpdateItem', 'answer lost')
    const body = { clients: [{ client_id, used_at: now + day }] }
    const report = { bearer: masterToken, body, now: now + day }
    expect(await reportUse(report, server)).toEqual({ recorded: 0, unchanged: 1, unknown: 0 })
    expect(await server.clients.find(client_id)).toMatchObject({ last_used_at: now + day })
    await dynamodb.close()
  })
})
