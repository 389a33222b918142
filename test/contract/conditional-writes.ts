import { beforeEach, describe, expect, test } from 'vitest'
import { generateWriteId } from '../../lib/client.ts'
import type { ClientStore, Condition } from '../../lib/ports/client-store.ts'
import { generateBytes } from '../../lib/tokens/token.ts'
import { atOnce, conditionOf, newClient, newSuccessor, newUpdate, now } from './fixtures.ts'
import type { MakeStores, Stores } from './stores.ts'

/** The writes that need the client's token; each can be repeated under its `write_id`. */
const writes: Readonly<
  Record<
    'rotation' | 'replacement' | 'disabling',
    (
      store: ClientStore,
      client_id: string,
      condition: Condition,
      write_id: Uint8Array,
    ) => Promise<{ outcome: string }>
  >
> = {
  rotation: (store, client_id, condition, write_id) =>
    store.rotate(client_id, condition, newSuccessor(), write_id),
  replacement: (store, client_id, condition, write_id) =>
    store.replace(
      client_id,
      { ...condition, version: 1 },
      { ...newUpdate('Renamed'), successor: newSuccessor(), write_id },
    ),
  disabling: (store, client_id, condition, write_id) =>
    store.disable(client_id, condition, write_id),
}

const conditional = [
  ...Object.entries(writes),
  [
    'deletion',
    (store: ClientStore, id: string, condition: Condition) => store.delete(id, condition),
  ],
] as const

/** What any ClientStore must do with a write that needs the client's token. */
export function conditionalWritesContract(makeStores: MakeStores): void {
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

  describe('a write under a registration access token', () => {
    test.each(Object.entries(writes))('recognizes a %s that is repeated', async (_, write) => {
      const client = await stored()
      const write_id = generateWriteId()
      const call = () => write(store, client.client_id, conditionOf(client), write_id)
      expect((await call()).outcome).toBe('written')
      const after = await store.find(client.client_id)
      expect((await call()).outcome).toBe('written')
      expect(await store.find(client.client_id)).toEqual(after)
    })

    test.each(Object.entries(writes))(
      'applies a %s once where its answer is lost',
      async (_, write) => {
        const client = await stored()
        stores.loseNextAnswer()
        const written = await write(store, client.client_id, conditionOf(client), generateWriteId())
        expect(written.outcome).toBe('written')
        const { sequence } = (await store.find(client.client_id)) ?? {}
        expect(sequence).toBe(2)
      },
    )

    test.each(conditional)(
      'rejects a %s without the current token, and changes nothing',
      async (_, write) => {
        const expiring = await stored({ token_expires_at: now })
        const disabled = await stored({ disabled_at: now })
        const other = await stored()
        const attempts = [
          [expiring, conditionOf(expiring)],
          [disabled, conditionOf(disabled)],
          [other, { token_digest: generateBytes(32), now }],
        ] as const
        for (const [{ client_id }, condition] of attempts) {
          const before = await store.find(client_id)
          const current = { outcome: 'rejected', current: before, ambiguous: false }
          expect(await write(store, client_id, condition, generateWriteId())).toEqual(current)
          expect(await store.find(client_id)).toEqual(before)
        }
        const unknown = await write(store, 'unknown', conditionOf(other), generateWriteId())
        expect(unknown).toEqual({ outcome: 'rejected', current: undefined, ambiguous: false })
      },
    )

    test('accepts a token until the second of its expiry', async () => {
      const client = await stored({ token_expires_at: now + 1 })
      const rotated = await store.rotate(
        client.client_id,
        conditionOf(client),
        newSuccessor(),
        generateWriteId(),
      )
      expect(rotated.outcome).toBe('written')
    })

    test.each(['rotation', 'deletion'] as const)(
      'takes effect once, of twenty times a %s at once',
      async (kind) => {
        const client = await stored()
        const { client_id } = client
        const outcomes = await atOnce(20, async () => {
          const condition = conditionOf(client)
          const { outcome } = await (kind === 'deletion'
            ? store.delete(client_id, condition)
            : store.rotate(client_id, condition, newSuccessor(), generateWriteId()))
          return outcome
        })
        expect(outcomes.filter((outcome) => outcome !== 'rejected')).toHaveLength(1)
      },
    )
  })
}
