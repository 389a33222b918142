import { describe, expect, test } from 'vitest'
import { getClient } from '../../lib/operator/get-client.ts'
import { listClients } from '../../lib/operator/list-clients.ts'
import { listInitialAccessTokens } from '../../lib/operator/list-initial-access-tokens.ts'
import { registerClient } from '../../lib/register-client.ts'
import type { Server } from '../../lib/server.ts'
import { initialAccessToken, now, ordinary, registered } from '../support/clients.ts'
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

describe('a list of clients', () => {
  test('is newest first, in full pages but the last, by each filter', async () => {
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

  test('ends a page at 4 MB as Lambda answers it, and the next one goes on there', async () => {
    const server = await testServer()
    const { client_id } = await registered(server)
    const client = await server.clients.find(client_id)
    if (client === undefined) throw new Error('no client')
    const { token_digest: _, ...plain } = client
    const ids: string[] = []
    for (let count = 0; count < 80; count += 1) {
      const id = `large-${count}`
      const metadata = { ...plain.metadata, client_name: '"'.repeat(20_000) }
      await server.clients.create(
        { ...plain, client_id: id, client_id_issued_at: now + count, owner: 'alice', metadata },
        [],
      )
      ids.unshift(id)
    }
    for (const query of [{ created_from: `${now}` }, { owner: 'alice' }]) {
      const found = await pages(server, { ...query, limit: '100' })
      expect(found.flat().filter((id) => id !== client_id)).toEqual(ids)
      expect(found.map(({ length }) => length > 40)).toEqual([true, false])
    }
    const page = await listClients({ bearer, now, query: { limit: '100' } }, server)
    expect(Buffer.byteLength(JSON.stringify({ body: JSON.stringify(page) }))).toBeLessThan(
      4_100_000,
    )
  })

  test('ends a page at 4 MB like a list of initial access tokens', async () => {
    const server = await testServer()
    const ids: string[] = []
    for (let count = 0; count < 45; count += 1) {
      const id = `n${String(count).padStart(20, '0')}`
      const times = { issued_at: now + count, expires_at: now + 1000 }
      const token = { id, token_digest: new Uint8Array(32), ...times, scope: 'x'.repeat(100_000) }
      await server.initialAccessTokens.issue(token)
      ids.unshift(id)
    }
    const list = (cursor: string | undefined) =>
      listInitialAccessTokens({ bearer, now, limit: '100', cursor }, server)
    const first = await list(undefined)
    const second = await list(first.next_cursor)
    expect(first.initial_access_tokens).toHaveLength(39)
    expect(second.next_cursor).toBeUndefined()
    const found = [...first.initial_access_tokens, ...second.initial_access_tokens]
    expect(found.map(({ id }) => id)).toEqual(ids)
  })

  test('shows exactly what showing each client shows', async () => {
    const server = await testServer()
    await thirty(server)
    const { clients } = await listClients({ bearer, now, query: { limit: '3' } }, server)
    const shown = clients.map(({ client_id }) => getClient({ bearer, client_id, now }, server))
    expect(await Promise.all(shown)).toEqual(clients)
  })
})
