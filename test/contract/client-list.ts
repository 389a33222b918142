import { beforeEach, describe, expect, test } from 'vitest'
import type { RegisteredClient } from '../../lib/client.ts'
import type { ClientAdminStore, ClientFilter } from '../../lib/ports/client-admin-store.ts'
import { metadataOf, newClient, now } from './fixtures.ts'
import type { MakeStores, Stores } from './stores.ts'

const iss = 'https://as.example'

/** What any ClientAdminStore must list. */
export function clientListContract(makeStores: MakeStores): void {
  let stores: Stores
  let clientAdmin: ClientAdminStore
  beforeEach(async () => {
    stores = await makeStores()
    clientAdmin = stores.clientAdmin
  })

  const stored = async (more: Partial<RegisteredClient> = {}) => {
    const client = newClient(more)
    await stores.clients.create(client, [])
    return client
  }

  /** Clients that were registered one a minute; resolves to their ids, newest first. */
  async function minutes(count: number, more: Partial<RegisteredClient> = {}) {
    const ids: string[] = []
    for (let minute = 0; minute < count; minute += 1)
      ids.unshift((await stored({ ...more, client_id_issued_at: now + minute * 60 })).client_id)
    return ids
  }

  /** The ids of each page. */
  async function pages(filter: ClientFilter, limit = 100) {
    const found: string[][] = []
    let from: string | undefined
    do {
      const { clients, next } = await clientAdmin.list(filter, limit, from)
      found.push(clients.map(({ client_id }) => client_id))
      from = next
    } while (from !== undefined)
    return found
  }

  describe('a list of clients', () => {
    test('is newest first, in full pages but the last', async () => {
      const ids = await minutes(11, { owner: 'alice', iss })
      for (const filter of [
        {},
        { by: { name: 'owner', owners: [{ owner: 'alice', iss }] } },
      ] as const) {
        expect((await pages(filter, 4)).map(({ length }) => length)).toEqual([4, 4, 3])
        expect((await pages(filter, 4)).flat()).toEqual(ids)
        expect(await pages(filter, 11)).toEqual([ids])
      }
    })

    test('starts at its first second and ends before its last', async () => {
      const ids = await minutes(10)
      const range = { createdFrom: now + 120, createdBefore: now + 420 }
      expect(await pages(range, 3)).toEqual([ids.slice(3, 6), ids.slice(6, 8)])
    })

    test('is empty where its time range is', async () => {
      await minutes(3)
      for (const createdBefore of [0, 5, now, now + 60])
        expect(await pages({ createdFrom: now + 60, createdBefore })).toEqual([[]])
    })

    test.each<[string, Partial<RegisteredClient>, Partial<RegisteredClient>, ClientFilter['by']]>([
      [
        'owner',
        { owner: 'alice', iss },
        { owner: 'alice', iss: `${iss}/2` },
        { name: 'owner', owners: [{ owner: 'alice', iss }] },
      ],
      [
        'owner whom the operator named',
        { owner: 'alice', initial_access_token: 's1' },
        { owner: 'alice', iss },
        { name: 'owner', owners: [{ owner: 'alice' }] },
      ],
      [
        'initial access token',
        { initial_access_token: 's1' },
        { initial_access_token: 's2' },
        { name: 'initial_access_token', value: 's1' },
      ],
      [
        'software_id',
        { metadata: metadataOf({ software_id: '1' }) },
        { metadata: metadataOf({ software_id: '2' }) },
        { name: 'software_id', value: '1' },
      ],
    ])('is of one %s', async (_, one, other, by) => {
      const { client_id } = await stored(one)
      await stored(other)
      await stored()
      expect(await pages(by ? { by } : {})).toEqual([[client_id]])
    })

    test('of several owners has the clients of each', async () => {
      const ids = [
        await stored({ owner: 'alice', iss }),
        await stored({ owner: 'alice', iss: `${iss}/2` }),
      ]
      const owners = [
        { owner: 'alice', iss },
        { owner: 'alice', iss: `${iss}/2` },
      ]
      const [found = []] = await pages({ by: { name: 'owner', owners } })
      expect(found.sort()).toEqual(ids.map(({ client_id }) => client_id).sort())
    })

    test('of the default label has every client without a label', async () => {
      const [plain, labelled] = [await stored(), await stored()]
      await clientAdmin.update(labelled.client_id, { label: 'Partner' })
      const labels = async (value: string) => pages({ by: { name: 'label', value } })
      expect(await labels('DCR')).toEqual([[plain.client_id]])
      expect(await labels('Partner')).toEqual([[labelled.client_id]])
      await clientAdmin.update(labelled.client_id, { label: null })
      expect((await labels('DCR')).flat()).toHaveLength(2)
    })

    test('neither loses nor repeats a client that gets a label meanwhile', async () => {
      const ids = await minutes(9)
      const first = await clientAdmin.list({}, 3, undefined)
      for (const client_id of ids.slice(1, 5))
        await clientAdmin.update(client_id, { label: 'Partner' })
      const rest = await clientAdmin.list({}, 9, first.next)
      const listed = [...first.clients, ...rest.clients].map(({ client_id }) => client_id)
      expect(listed).toEqual(ids)
    })
  })
}
