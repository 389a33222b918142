import { describe, expect, test } from 'vitest'
import type { Connector, PushedClient } from '../../functions/connectors/connector.ts'
import { type ReconciliationPorts, reconcile } from '../../functions/connectors/reconcile.ts'
import { syncClient } from '../../functions/connectors/sync-client.ts'
import { toPushedClient } from '../../lib/pushed-client.ts'
import { now } from '../support/clients.ts'

/** A client of the service at this sequence. */
const client = (client_id: string, sequence = 1): PushedClient =>
  toPushedClient(
    {
      client_id,
      client_id_issued_at: now,
      metadata: {
        token_endpoint_auth_method: 'none',
        grant_types: [],
        response_types: [],
        application_type: 'web',
      },
      version: 1,
      write_id: new Uint8Array(8),
      sequence,
    },
    undefined,
  )

/** A server in memory, and the clients of the service. */
function world(
  options: { readonly onPush?: (client_id: string) => void; readonly at?: number } = {},
) {
  const { onPush = () => {}, at = now - 3600 } = options
  const here = new Map<string, PushedClient>()
  const there = new Map<string, { sequence: number; pushed_at: number }>()
  const calls: string[] = []
  const connector: Connector = {
    name: 'a server',
    async push({ client: { client_id }, sequence }) {
      calls.push(`push ${client_id} ${sequence}`)
      onPush(client_id)
      there.set(client_id, { sequence, pushed_at: at })
    },
    async remove(client_id) {
      calls.push(`remove ${client_id}`)
      there.delete(client_id)
    },
    async *list() {
      for (const [client_id, { sequence, pushed_at }] of there)
        yield { client_id, fingerprint: String(sequence), pushed_at }
    },
    fingerprint: ({ sequence }) => String(sequence),
  }
  const read = async (client_id: string) => here.get(client_id)
  const failures: string[] = []
  const night = (ports: Partial<ReconciliationPorts> = {}, time = now) =>
    reconcile(connector, time, {
      read,
      parts: 4,
      listPart: async (part) => ({
        client_ids: [...here.keys()].filter((client_id) => client_id.length % 4 === part),
        next: undefined,
      }),
      mayContinue: () => true,
      onFailure: (client_id) => failures.push(client_id),
      ...ports,
    })
  return { here, there, calls, connector, read, failures, night }
}

const none = { missing: 0, different: 0, unknown: 0, failed: 0, finished: true }

describe('a push of the present state', () => {
  test('is repeated if the client changed while it was pushed', async () => {
    const { here, there, calls, connector, read } = world({
      onPush: () => here.set('a', client('a', Math.min((here.get('a')?.sequence ?? 0) + 1, 4))),
    })
    here.set('a', client('a', 2))
    await syncClient('a', connector, read)
    expect(calls).toEqual(['push a 2', 'push a 3', 'push a 4'])
    expect(there.get('a')?.sequence).toBe(4)
  })

  test('removes a client that is deleted while it is pushed', async () => {
    const { here, there, calls, connector, read } = world({ onPush: () => here.delete('a') })
    here.set('a', client('a'))
    await syncClient('a', connector, read)
    expect(calls).toEqual(['push a 1', 'remove a'])
    expect(there.size).toBe(0)
  })

  test('is left to a later attempt if the client never stops changing', async () => {
    const { here, calls, connector, read } = world({
      onPush: () => here.set('a', client('a', (here.get('a')?.sequence ?? 0) + 1)),
    })
    here.set('a', client('a'))
    await expect(syncClient('a', connector, read)).rejects.toThrow('changed more than 5 times')
    expect(calls).toHaveLength(5)
  })
})

describe('a night', () => {
  test('leaves a client alone that the server got within the last 15 minutes', async () => {
    const { there, night } = world()
    there.set('a registration under way', { sequence: 1, pushed_at: now - 899 })
    there.set('left by a crash', { sequence: 1, pushed_at: now - 900 })
    expect(await night()).toEqual({ ...none, unknown: 1 })
    expect([...there.keys()]).toEqual(['a registration under way'])
  })

  test('compares a client with its state of now, not with the one of its list', async () => {
    const { here, there, calls, night } = world()
    here.set('a', client('a', 2))
    there.set('a', { sequence: 2, pushed_at: now })
    expect(await night()).toEqual(none)
    expect(calls).toEqual([])
  })

  test('goes on after a client that cannot be pushed, and counts it', async () => {
    const { here, there, failures, night } = world({
      onPush: (client_id) => {
        if (client_id === 'b') throw new Error('the server does not take it')
      },
    })
    for (const client_id of ['a', 'b', 'c']) here.set(client_id, client(client_id))
    expect(await night()).toEqual({ ...none, missing: 2, failed: 1 })
    expect([...there.keys()].sort()).toEqual(['a', 'c'])
    expect(failures).toEqual(['b'])
  })

  test.each([1, 4, 7])(
    'with time for %i pushes is continued by the next nights',
    async (pushes) => {
      const { here, there, calls, night } = world()
      for (let index = 1; index <= 12; index += 1)
        here.set('x'.repeat(index), client('x'.repeat(index)))
      const until = calls.length + pushes
      const first = await night({ mayContinue: () => calls.length < until })
      expect(first.finished).toBe(false)
      expect(first.missing).toBeGreaterThanOrEqual(Math.min(pushes, 3))
      expect(first.missing).toBeLessThan(12)
      for (let day = 1; day <= 4; day += 1) {
        const last = calls.length + pushes
        await night({ mayContinue: () => calls.length < last }, now + day * 86_400)
      }
      expect([...there.keys()].sort()).toEqual([...here.keys()].sort())
      expect(await night()).toEqual(none)
    },
  )

  test('that is too short still removes deleted clients first', async () => {
    const { here, there, calls, night } = world()
    here.set('a', client('a'))
    there.set('deleted here', { sequence: 1, pushed_at: 0 })
    await night({ mayContinue: () => calls.length < 1 })
    expect([...there.keys()]).toEqual([])
    expect(await night()).toEqual({ ...none, missing: 1 })
  })

  test.each([0, 1, 2, 3, 4, 5, 6])('compares every client on day %i of a week', async (day) => {
    const { here, there, night } = world()
    for (let index = 0; index < 60; index += 1) {
      here.set(`client ${index}`, client(`client ${index}`, 2))
      there.set(`client ${index}`, { sequence: 1, pushed_at: now })
    }
    expect(await night({}, now + day * 86_400)).toEqual({ ...none, different: 60 })
  })

  test('rejects if the server cannot list its clients', async () => {
    const { connector, night, here } = world()
    here.set('a', client('a'))
    Object.assign(connector, {
      async *list() {
        yield* []
        throw new Error('the server is down')
      },
    })
    await expect(night()).rejects.toThrow('the server is down')
  })
})
