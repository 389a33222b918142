import { beforeEach, describe, expect, test } from 'vitest'
import { generateWriteId, type RegisteredClient } from '../../lib/client.ts'
import type { ClientAdminStore, ClientFilter } from '../../lib/ports/client-admin-store.ts'
import { conditionOf, metadataOf, newClient, newUpdate, now } from './fixtures.ts'
import type { MakeStores, Stores } from './stores.ts'

/** How any store whose settings say so must find clients: by name and by redirect host. */
export function foundClientsContract(makeStores: MakeStores): void {
  let stores: Stores
  let clientAdmin: ClientAdminStore
  beforeEach(async () => {
    stores = await makeStores()
    clientAdmin = stores.clientAdmin
  })

  const stored = async (members: object, more: Partial<RegisteredClient> = {}) => {
    const client = newClient({ metadata: metadataOf(members), ...more })
    await stores.clients.create(client, [])
    return client
  }

  /** Stores clients of these names; resolves to their ids by name. */
  async function named(...names: readonly string[]) {
    const ids = new Map<string, string>()
    for (const name of names) ids.set(name, (await stored({ client_name: name })).client_id)
    return ids
  }

  /** The ids of each page. */
  async function pages(by: NonNullable<ClientFilter['by']>, limit = 100) {
    const found: string[][] = []
    let from: string | undefined
    do {
      const { clients, next } = await clientAdmin.list({ by }, limit, from)
      found.push(clients.map(({ client_id }) => client_id))
      from = next
    } while (from !== undefined)
    return found
  }

  const byName = (value: string) => ({ name: 'name_prefix', value }) as const
  const byHost = (value: string) => ({ name: 'redirect_host', value }) as const

  describe('a list of clients by the beginning of their name', () => {
    test('is in the order of names, in full pages but the last', async () => {
      const names = ['Notes', 'notes 10', 'NOTES 2', 'Notes, old', 'notesé', 'notes日本']
      const ids = await named(...names.toReversed(), 'Not', 'Other')
      const found = await pages(byName('notes'), 4)
      expect(found.map(({ length }) => length)).toEqual([4, 2])
      expect(found.flat()).toEqual(names.map((name) => ids.get(name)))
    })

    test('is in one order across pages, also of characters beyond 16 bits', async () => {
      const names = [
        'x\uE000a',
        'x\uE000b',
        'x\uE000c',
        'x\u{1F600}d',
        'x\u{1F600}e',
        'x\u{20000}f',
      ]
      const ids = await named(...names)
      const found = await pages(byName('x'), 2)
      expect(found.flat()).toEqual(names.map((name) => ids.get(name)))
    })

    test('has every client of one name once', async () => {
      const ids: string[] = []
      for (let count = 0; count < 11; count += 1)
        ids.push((await stored({ client_name: 'Same' })).client_id)
      expect((await pages(byName('same'), 3)).flat().sort()).toEqual(ids.sort())
    })

    test('finds names in another width, in capitals or with other spaces', async () => {
      const ids = await named('ＧＯＯＧＬＥ\u3000Drive', 'Google  Drive')
      expect((await pages(byName('google drive'))).flat().sort()).toEqual([...ids.values()].sort())
    })

    test('finds a long name by all of it, among names that differ only at the end', async () => {
      const long = 'ä'.repeat(100)
      const ids = await named(`${long}b`, `${long}c`)
      expect((await pages(byName(`${long}c`))).flat()).toEqual([ids.get(`${long}c`)])
      expect((await pages(byName(long))).flat().sort()).toEqual([...ids.values()].sort())
    })

    test('finds a client without client_name by its first translation', async () => {
      const { client_id } = await stored({ 'client_name#fr': 'Carnet', 'client_name#de': 'Heft' })
      await stored({ client_name: 'Notes', 'client_name#de': 'Heft' })
      await stored({})
      expect(await pages(byName('heft'))).toEqual([[client_id]])
      expect(await pages(byName('carnet'))).toEqual([[]])
    })

    test('has a renamed client under its new name only', async () => {
      const client = await stored({ client_name: 'Old name' })
      const condition = { ...conditionOf(client), version: 1 }
      await stores.clients.replace(client.client_id, condition, newUpdate('New name'))
      expect(await pages(byName('old'))).toEqual([[]])
      expect(await pages(byName('new'))).toEqual([[client.client_id]])
      const next = { ...condition, version: 2 }
      const unnamed = { ...newUpdate('x'), metadata: metadataOf(), write_id: generateWriteId() }
      await stores.clients.replace(client.client_id, next, unnamed)
      expect(await pages(byName('n'))).toEqual([[]])
    })

    test('has no client that was deleted', async () => {
      const client = await stored({ client_name: 'Deleted' })
      await stores.clients.delete(client.client_id, conditionOf(client))
      expect(await pages(byName('deleted'))).toEqual([[]])
    })
  })

  describe('a list of clients by redirect host', () => {
    const redirecting = (...redirect_uris: readonly string[]) => stored({ redirect_uris })

    test('has the clients with one host and those with several, newest first', async () => {
      const uris = [
        ['https://a.example/callback'],
        ['https://a.example/1', 'https://a.example:8443/2'],
        ['https://b.example/callback', 'https://a.example/callback'],
        ['https://b.example/callback', 'https://c.example/callback'],
        ['https://b.example/callback'],
        ['http://localhost/callback', 'com.example.app:/callback'],
      ]
      const ids: string[] = []
      for (const [minute, redirect_uris] of uris.entries())
        ids.push(
          (await stored({ redirect_uris }, { client_id_issued_at: now + minute * 60 })).client_id,
        )
      const [one, ports, several, others, other, local] = ids
      expect((await pages(byHost('a.example'))).flat()).toEqual([several, ports, one])
      expect((await pages(byHost('b.example'))).flat()).toEqual([other, others, several])
      expect((await pages(byHost('localhost'))).flat()).toEqual([local])
    })

    test('is complete in short pages where clients with several hosts have others', async () => {
      const ids: string[] = []
      for (let count = 0; count < 9; count += 1) {
        const second = count % 3 === 0 ? 'https://wanted.example/' : 'https://third.example/'
        const { client_id } = await redirecting('https://first.example/', second)
        if (count % 3 === 0) ids.push(client_id)
      }
      const found = await pages(byHost('wanted.example'), 2)
      expect(found.flat().sort()).toEqual(ids.sort())
      for (const page of found) expect(page.length).toBeLessThanOrEqual(2)
    })

    test('has a changed client under its new hosts only', async () => {
      const client = await redirecting('https://before.example/')
      const condition = { ...conditionOf(client), version: 1 }
      const redirect_uris = ['https://after.example/', 'https://also.example/']
      const update = { ...newUpdate('x'), metadata: metadataOf({ redirect_uris }) }
      await stores.clients.replace(client.client_id, condition, update)
      expect(await pages(byHost('before.example'))).toEqual([[]])
      for (const host of ['after.example', 'also.example'])
        expect(await pages(byHost(host))).toEqual([[client.client_id]])
    })
  })
}
