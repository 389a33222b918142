import { beforeEach, describe, expect, test } from 'vitest'
import { generateWriteId, type RegisteredClient } from '../../lib/client.ts'
import type { ClientAdminStore } from '../../lib/ports/client-admin-store.ts'
import { generateBytes } from '../../lib/tokens/token.ts'
import { conditionOf, newClient, newSuccessor, newUpdate, now } from './fixtures.ts'
import type { MakeStores, Stores } from './stores.ts'

const iss = 'https://as.example'

/** What any ClientAdminStore must do with one client. */
export function clientAdminStoreContract(makeStores: MakeStores): void {
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

  describe('the operator’s access to a client', () => {
    test('sets label, note and state, and removes them by null', async () => {
      const { client_id } = await stored()
      const set = { label: 'Partner', note: 'A note', disabled_at: now }
      expect(await clientAdmin.update(client_id, set)).toMatchObject(set)
      const removed = await clientAdmin.update(client_id, {
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
        times.push((await clientAdmin.update(client_id, { disabled_at }))?.disabled_at)
      expect(times).toEqual([now, now, undefined, now + 120])
    })

    test('raises the sequence and leaves the version to the client', async () => {
      const client = await stored()
      const changed = await clientAdmin.update(client.client_id, { note: 'A note' })
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
      const reissued = await clientAdmin.reissue(client_id, token)
      expect(reissued).toMatchObject(token)
      for (const name of ['rotation_nonce', 'rotation_key', 'rotated_at'])
        expect(reissued).not.toHaveProperty(name)
    })

    test.each([
      ['a change', (client_id: string) => clientAdmin.update(client_id, { note: 'A note' })],
      [
        'a reissued token',
        (client_id: string) => clientAdmin.reissue(client_id, { token_digest: generateBytes(32) }),
      ],
    ])('stores %s once where the answer is lost', async (_, write) => {
      const { client_id } = await stored()
      stores.loseNextAnswer()
      expect(await write(client_id)).toMatchObject({ client_id, sequence: 2 })
      expect(await stores.clients.find(client_id)).toMatchObject({ sequence: 2 })
    })

    const waiting = { disabled_at: now, pending_at: now }
    const approved = { outcome: 'approved', decided_at: now + 60, operator: 'carol' } as const

    test.each([
      ['without a label', null],
      ['with a label', 'Partner'],
    ])('decides once on a client that awaits approval, %s', async (_, label) => {
      const { client_id } = await stored(waiting)
      await clientAdmin.update(client_id, { label })
      const first = await clientAdmin.decide(client_id, approved, 1)
      expect(first).toMatchObject({ outcome: 'written', client: { decision: approved } })
      const client = await stores.clients.find(client_id)
      for (const name of Object.keys(waiting)) expect(client).not.toHaveProperty(name)
      const rejected = { ...approved, outcome: 'rejected' } as const
      const second = await clientAdmin.decide(client_id, rejected, undefined)
      expect(second).toEqual({ outcome: 'rejected', current: client })
    })

    test('decides on the version that is named, and on no unknown client', async () => {
      const { client_id } = await stored(waiting)
      expect(await clientAdmin.decide(client_id, approved, 2)).toMatchObject({
        outcome: 'rejected',
        current: waiting,
      })
      expect(await clientAdmin.decide('unknown', approved, undefined)).toEqual({
        outcome: 'rejected',
        current: undefined,
      })
    })

    test('does not enable a client that awaits approval', async () => {
      const { client_id } = await stored(waiting)
      expect(await clientAdmin.update(client_id, { disabled_at: null })).toMatchObject(waiting)
      expect(await stores.clients.find(client_id)).toMatchObject(waiting)
    })

    test('stores a decision once where the answer is lost', async () => {
      const { client_id } = await stored(waiting)
      stores.loseNextAnswer()
      const decided = await clientAdmin.decide(client_id, approved, undefined)
      expect(decided).toMatchObject({ outcome: 'written', client: { sequence: 2 } })
    })

    test('deletes a client once, and says whose it was', async () => {
      const { client_id } = await stored({ owner: 'alice', iss })
      expect(await clientAdmin.delete(client_id)).toMatchObject({ client_id, owner: 'alice', iss })
      expect(await clientAdmin.delete(client_id)).toBeUndefined()
    })

    test('recognizes its own deletion where the answer is lost', async () => {
      const { client_id } = await stored()
      stores.loseNextAnswer()
      expect(await clientAdmin.delete(client_id)).toMatchObject({ client_id })
    })

    test('of an unknown client changes and makes nothing', async () => {
      expect(await clientAdmin.update('unknown', { note: 'A note' })).toBeUndefined()
      const token = { token_digest: generateBytes(32) }
      expect(await clientAdmin.reissue('unknown', token)).toBeUndefined()
      expect(await clientAdmin.delete('unknown')).toBeUndefined()
      expect(await stores.clients.find('unknown')).toBeUndefined()
    })
  })
}
