import { beforeEach, describe, expect, test } from 'vitest'
import { generateWriteId, type RegisteredClient } from '../../lib/client.ts'
import type { ClientAdminStore, ClientFilter } from '../../lib/ports/client-admin-store.ts'
import { generateBytes } from '../../lib/tokens/token.ts'
import { conditionOf, metadataOf, newClient, newSuccessor, newUpdate, now } from './fixtures.ts'
import type { MakeStores, Stores } from './stores.ts'

const iss = 'https://as.example'

/** What any ClientAdminStore must do. */
export function clientAdminStoreContract(makeStores: MakeStores): void {
  let stores: Stores
  let directory: ClientAdminStore
  beforeEach(async () => {
    stores = await makeStores()
    directory = stores.directory
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
      const { clients, next } = await directory.list(filter, limit, from)
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
      await directory.update(labelled.client_id, { label: 'Partner' })
      const labels = async (value: string) => pages({ by: { name: 'label', value } })
      expect(await labels('DCR')).toEqual([[plain.client_id]])
      expect(await labels('Partner')).toEqual([[labelled.client_id]])
      await directory.update(labelled.client_id, { label: null })
      expect((await labels('DCR')).flat()).toHaveLength(2)
    })

    test('neither loses nor repeats a client that gets a label meanwhile', async () => {
      const ids = await minutes(9)
      const first = await directory.list({}, 3, undefined)
      for (const client_id of ids.slice(1, 5))
        await directory.update(client_id, { label: 'Partner' })
      const rest = await directory.list({}, 9, first.next)
      const listed = [...first.clients, ...rest.clients].map(({ client_id }) => client_id)
      expect(listed).toEqual(ids)
    })
  })

  describe('the operator’s access to a client', () => {
    test('sets label, note and state, and removes them by null', async () => {
      const { client_id } = await stored()
      const set = { label: 'Partner', note: 'A note', disabled_at: now }
      expect(await directory.update(client_id, set)).toMatchObject(set)
      const removed = await directory.update(client_id, {
        label: null,
        note: null,
        disabled_at: null,
      })
      for (const name of Object.keys(set)) expect(removed).not.toHaveProperty(name)
      expect(removed).toEqual(await stores.clients.find(client_id))
    })

    test('keeps the time of the first disabling, unless the client was enabled between', async () => {
      const { client_id } = await stored()
      const times = []
      for (const disabled_at of [now, now + 60, null, now + 120])
        times.push((await directory.update(client_id, { disabled_at }))?.disabled_at)
      expect(times).toEqual([now, now, undefined, now + 120])
    })

    test('raises the sequence and leaves the version to the client', async () => {
      const client = await stored()
      const changed = await directory.update(client.client_id, { note: 'A note' })
      expect(changed).toMatchObject({ version: 1, sequence: 2 })
      const condition = { ...conditionOf(client), version: 1 }
      const replaced = await stores.clients.replace(client.client_id, condition, newUpdate('x'))
      expect(replaced).toMatchObject({ outcome: 'written', client: { note: 'A note' } })
    })

    test('reissues the token, which ends the previous one and its rotation', async () => {
      const client = await stored()
      const { client_id } = client
      await stores.clients.rotate(client_id, conditionOf(client), newSuccessor(), generateWriteId())
      const token = { token_digest: generateBytes(32), token_expires_at: now + 60 }
      const reissued = await directory.reissue(client_id, token)
      expect(reissued).toMatchObject(token)
      for (const name of ['rotation_nonce', 'rotation_key', 'rotated_at'])
        expect(reissued).not.toHaveProperty(name)
    })

    test('deletes a client once, and says whose it was', async () => {
      const { client_id } = await stored({ owner: 'alice', iss })
      expect(await directory.delete(client_id)).toMatchObject({ client_id, owner: 'alice', iss })
      expect(await directory.delete(client_id)).toBeUndefined()
    })

    test('recognizes its own deletion where the answer is lost', async () => {
      const { client_id } = await stored()
      stores.loseNextAnswer()
      expect(await directory.delete(client_id)).toMatchObject({ client_id })
    })

    test('of an unknown client changes and makes nothing', async () => {
      expect(await directory.update('unknown', { note: 'A note' })).toBeUndefined()
      const token = { token_digest: generateBytes(32) }
      expect(await directory.reissue('unknown', token)).toBeUndefined()
      expect(await directory.delete('unknown')).toBeUndefined()
      expect(await stores.clients.find('unknown')).toBeUndefined()
    })
  })
}
