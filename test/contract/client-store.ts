import { beforeEach, describe, expect, test } from 'vitest'
import { generateWriteId } from '../../lib/client.ts'
import type { ClientStore } from '../../lib/ports/client-store.ts'
import { generateBytes } from '../../lib/tokens/token.ts'
import { atOnce, conditionOf, newClient, newSuccessor, newUpdate, now } from './fixtures.ts'
import type { MakeStores, Stores } from './stores.ts'

/** What any ClientStore must do with one client. */
export function clientStoreContract(makeStores: MakeStores): void {
  let stores: Stores
  let store: ClientStore
  beforeEach(async () => {
    stores = await makeStores()
    store = stores.clients
  })

  const stored = async (more: Parameters<typeof newClient>[0] = {}) => {
    const client = newClient(more)
    expect(await store.create(client, [])).toEqual({ outcome: 'created' })
    return client
  }

  describe('a client store', () => {
    test('finds a client as it was created, and no other', async () => {
      const client = await stored({ owner: 'alice', iss: 'https://as.example', policies: ['p'] })
      expect(await store.find(client.client_id)).toMatchObject(client)
      expect(await store.find('unknown')).toBeUndefined()
    })

    test('creates an id once, and keeps the first client', async () => {
      const client = await stored()
      const { client_id } = client
      expect(await store.create(newClient({ client_id }), [])).toEqual({ outcome: 'exists' })
      expect(await store.find(client_id)).toMatchObject(client)
    })

    test('creates exactly one of twenty clients with one id at once', async () => {
      const created = await atOnce(20, () => store.create(newClient({ client_id: 'same' }), []))
      expect(created.filter(({ outcome }) => outcome === 'created')).toHaveLength(1)
    })

    test('recognizes a creation that is repeated', async () => {
      const client = await stored()
      expect(await store.create(client, [])).toEqual({ outcome: 'created' })
    })

    test('rotates to the successor, after which the previous token writes nothing', async () => {
      const client = await stored()
      const successor = newSuccessor()
      const rotated = await store.rotate(
        client.client_id,
        conditionOf(client),
        successor,
        generateWriteId(),
      )
      expect(rotated).toMatchObject({ outcome: 'written', client: successor })
      const again = await store.rotate(
        client.client_id,
        conditionOf(client),
        newSuccessor(),
        generateWriteId(),
      )
      expect(again).toMatchObject({ outcome: 'rejected', current: successor })
    })

    test('replaces what is registered, removes what is left out, and counts the version', async () => {
      const secret = { secret_digest: generateBytes(32), client_secret_expires_at: 0 }
      const client = await stored({ ...secret, policies: ['p'] })
      const replaced = await store.replace(
        client.client_id,
        { ...conditionOf(client), version: 1 },
        newUpdate('Renamed'),
      )
      expect(replaced.outcome).toBe('written')
      const found = await store.find(client.client_id)
      expect(found).toMatchObject({ version: 2, metadata: { client_name: 'Renamed' } })
      for (const member of ['secret_digest', 'client_secret_expires_at', 'policies'])
        expect(found).not.toHaveProperty(member)
    })

    test('replaces one version once', async () => {
      const { client_id, ...client } = await stored()
      const condition = { ...conditionOf({ client_id, ...client }), version: 1 }
      const replaced = await atOnce(20, () => store.replace(client_id, condition, newUpdate('x')))
      expect(replaced.filter(({ outcome }) => outcome === 'written')).toHaveLength(1)
      expect(replaced.filter(({ outcome }) => outcome === 'rejected')).toHaveLength(19)
    })

    test('disables a client at the time of the condition', async () => {
      const client = await stored()
      const disabled = await store.disable(client.client_id, conditionOf(client), generateWriteId())
      expect(disabled).toMatchObject({ outcome: 'written', client: { disabled_at: now } })
    })

    test('raises the sequence with each write', async () => {
      const client = await stored()
      const sequence = async () => Number((await store.find(client.client_id))?.sequence)
      const first = await sequence()
      await store.replace(client.client_id, { ...conditionOf(client), version: 1 }, newUpdate('x'))
      const second = await sequence()
      await store.rotate(client.client_id, conditionOf(client), newSuccessor(), generateWriteId())
      expect([second > first, (await sequence()) > second]).toEqual([true, true])
    })

    test('deletes a client and says whose it was', async () => {
      const owner = { owner: 'alice', iss: 'https://as.example' }
      const client = await stored(owner)
      const { client_id } = client
      const deleted = await store.delete(client_id, conditionOf(client))
      expect(deleted).toMatchObject({ outcome: 'removed', client: { client_id, ...owner } })
      expect(await store.find(client_id)).toBeUndefined()
    })

    test('recognizes its own deletion where the answer is lost', async () => {
      const client = await stored()
      stores.loseNextAnswer()
      const deleted = await store.delete(client.client_id, conditionOf(client))
      expect(deleted).toMatchObject({ outcome: 'removed', client: { client_id: client.client_id } })
    })

    test('marks a JWT as used for one request, which may repeat it', async () => {
      const used = { digest: generateBytes(32), remembered_until: now + 60 }
      const write_id = generateWriteId()
      const marked = []
      for (const id of [write_id, write_id, generateWriteId()])
        marked.push(await store.markUsed(used, id))
      expect(marked).toEqual([true, true, false])
    })
  })
}
