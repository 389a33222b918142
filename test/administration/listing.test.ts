import { describe, expect, test } from 'vitest'
import { changeClient } from '../../lib/administration/change-client.ts'
import { listClients } from '../../lib/administration/list-clients.ts'
import { showClient } from '../../lib/administration/show-client.ts'
import { registerClient } from '../../lib/register-client.ts'
import type { Server } from '../../lib/server.ts'
import { initialAccessToken, now, ordinary } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'
import { testServer } from '../support/server.ts'

const bearer = masterToken

/** Thirty clients of alice, one a minute; resolves to their ids, newest first. */
async function thirty(server: Server): Promise<readonly string[]> {
  const token = await initialAccessToken(server, { sub: 'alice', max_uses: 30 })
  const ids: string[] = []
  for (let minute = 0; minute < 30; minute += 1) {
    const request = { bearer: token, body: ordinary, now: now + minute * 60 }
    ids.unshift((await registerClient(request, server)).client_id)
  }
  return ids
}

async function pages(server: Server, query: Readonly<Record<string, string>>) {
  const found: string[][] = []
  let cursor: string | undefined
  do {
    const position: Record<string, string> = cursor === undefined ? {} : { cursor }
    const page = await listClients({ bearer, now, query: { ...query, ...position } }, server)
    found.push(page.clients.map(({ client_id }) => client_id))
    cursor = page.next_cursor
  } while (cursor !== undefined)
  return found
}

describe('C19 listing clients', () => {
  test('newest first, in full pages but the last, by each way to find them', async () => {
    const server = await testServer()
    const ids = await thirty(server)
    for (const query of [{}, { owner: 'alice' }, { label: 'DCR' }]) {
      const found = await pages(server, { ...query, limit: '8' })
      expect(found.map(({ length }) => length)).toEqual([8, 8, 8, 6])
      expect(found.flat()).toEqual(ids)
    }
    expect(await pages(server, { owner: 'alice', limit: '30' })).toEqual([ids])
    expect(await pages(server, { owner: 'alice', limit: '29' })).toEqual([
      ids.slice(0, 29),
      ids.slice(29),
    ])
  })

  test('from a time on, and before a time, page by page', async () => {
    const server = await testServer()
    const ids = await thirty(server)
    const created_from = `${now + 5 * 60}`
    const created_before = `${now + 20 * 60}`
    for (const query of [{}, { owner: 'alice' }]) {
      const span = { ...query, created_from, created_before, limit: '4' }
      const found = await pages(server, span)
      expect(found.flat()).toEqual(ids.slice(10, 25))
      expect(found.map(({ length }) => length)).toEqual([4, 4, 4, 3])
    }
  })

  test('from a time on that is after the end of the span, nothing', async () => {
    const server = await testServer()
    await thirty(server)
    for (const before of [now + 60, 5, 0]) {
      const span = { created_from: `${now + 120}`, created_before: `${before}` }
      expect(await pages(server, span)).toEqual([[]])
      expect(await pages(server, { created_before: `${Math.min(before, now)}` })).toEqual([[]])
    }
  })

  test('a client that gets a label while it is listed is neither lost nor listed twice', async () => {
    const server = await testServer()
    const ids = await thirty(server)
    const first = await listClients({ bearer, now, query: { limit: '10' } }, server)
    for (const client_id of ids.slice(5, 15))
      await changeClient({ bearer, client_id, now, body: { label: 'partner' } }, server)
    const rest = await pages(server, { limit: '10', cursor: first.next_cursor ?? '' })
    const listed = [...first.clients.map(({ client_id }) => client_id), ...rest.flat()]
    expect(listed).toEqual(ids)
    expect(await pages(server, { label: 'partner' })).toEqual([ids.slice(5, 15)])
  })

  test('shows exactly what showing each client shows', async () => {
    const server = await testServer()
    await thirty(server)
    const { clients } = await listClients({ bearer, now, query: { limit: '3' } }, server)
    const shown = clients.map(({ client_id }) => showClient({ bearer, client_id, now }, server))
    expect(await Promise.all(shown)).toEqual(clients)
  })
})
