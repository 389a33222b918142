import { describe, expect, test } from 'vitest'
import { dynamodbCleanUpStore } from '../../lib/adapters/dynamodb/clean-up-store.ts'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { cleanUp } from '../../lib/clean-up/clean-up.ts'
import { decideRegistration } from '../../lib/operator/decide-registration.ts'
import { recordUse } from '../../lib/record-use.ts'
import { registerClient } from '../../lib/register-client.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { unreliableDynamodb } from '../doubles/unreliable-dynamodb.ts'
import { initialAccessToken, now, ordinary } from '../support/clients.ts'
import { composeServer, masterToken } from '../support/compose.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { stored } from '../support/stored.ts'
import { createTable } from '../support/table.ts'

const day = 86_400
const covering = {
  cleanUp: { mode: 'on', registeredBy: ['operator'] },
} satisfies SettingsInput

/** A table, and servers on it. */
async function table() {
  const TableName = await createTable(embeddedDynamodb)
  const server = (settings: SettingsInput) =>
    composeServer(documentClient({ endpoint: embeddedDynamodb }), TableName, settings)
  return { TableName, server, on: server(covering) }
}

type Table = Awaited<ReturnType<typeof table>>

async function register(server: Table['on'], count: number, at = now): Promise<string[]> {
  const ids: string[] = []
  for (let index = 0; index < count; index += 1) {
    const request = { bearer: masterToken, body: { ...ordinary }, now: at }
    ids.push((await registerClient(request, server)).client_id)
  }
  return ids
}

const use = ({ on }: Table, client_ids: readonly string[], used_at: number) =>
  recordUse(
    client_ids.map((client_id) => ({ client_id, used_at })),
    used_at,
    on,
  )

type Options = {
  readonly settings?: SettingsInput
  /** Requests to the database after which the night is killed. */
  readonly killedAfter?: number
  readonly mayContinue?: () => boolean
}

/** One night of clean-up. */
async function night({ TableName, server }: Table, at: number, options: Options = {}) {
  const { killedAfter = Infinity, settings = covering, mayContinue = () => true } = options
  let requests = 0
  const check = () => {
    requests += 1
    if (requests > killedAfter) throw new Error('the night was killed')
  }
  const documents = documentClient({ endpoint: embeddedDynamodb }, undefined, check)
  const store = dynamodbCleanUpStore(documents, TableName)
  try {
    return await cleanUp(at, { settings: server(settings).settings, store, mayContinue })
  } finally {
    documents.destroy()
  }
}

const clients = ({ TableName }: Table) => stored({ TableName }, 'CLIENT#')

const staleIds = async (of: Table) =>
  (await clients(of))
    .filter(({ stale_at }) => stale_at !== undefined)
    .map(({ pk }) => String(pk).slice('CLIENT#'.length))
    .sort()

/** Kills a night after each of its requests, until one is not killed. Resolves to the number of those that were. */
async function killEach(of: Table, at: number): Promise<number> {
  for (let killedAfter = 0; ; killedAfter += 1) {
    try {
      await night(of, at, { killedAfter })
      return killedAfter
    } catch (error) {
      expect(String(error)).toContain('the night was killed')
    }
  }
}

describe('a night that is killed after any of its requests', () => {
  test('is resumed, until all that are due are stale, and later deleted', async () => {
    const of = await table()
    const [used = '', ...unused] = await register(of.on, 6)
    await use(of, [used], now + 29 * day)
    expect(await killEach(of, now + 30 * day)).toBeGreaterThan(10)
    expect(await staleIds(of)).toEqual([...unused].sort())

    await use(of, [used], now + 119 * day)
    expect(await killEach(of, now + 120 * day)).toBeGreaterThan(10)
    expect((await clients(of)).map(({ pk }) => pk)).toEqual([`CLIENT#${used}`])
    expect(await stored(of, 'TOMBSTONE#')).toHaveLength(5)
  })

  test('covers every client that was registered before clean-up', async () => {
    const of = await table()
    const before = await register(of.server({}), 12)
    await use(of, [], now)
    expect(await killEach(of, now + 100 * day)).toBeGreaterThan(10)
    expect((await clients(of)).map(({ due_at }) => due_at)).toEqual(
      before.map(() => now + 130 * day),
    )
    await use(of, [], now + 130 * day)
    await night(of, now + 130 * day)
    expect(await staleIds(of)).toEqual([...before].sort())
  })
})

describe('a night', () => {
  test('stops when its time is up, and the next one does the rest', async () => {
    const of = await table()
    await register(of.on, 3)
    await use(of, [], now + 30 * day)
    const none = await night(of, now + 30 * day, { mayContinue: () => false })
    expect(none).toMatchObject({ finished: false, stale: 0 })
    expect(await night(of, now + 30 * day)).toMatchObject({ finished: true, stale: 3 })
  })

  test('releases and revives clients of a kind that it no longer covers', async () => {
    const of = await table()
    await register(of.on, 2)
    await use(of, [], now + 30 * day)
    await night(of, now + 30 * day)
    const settings: SettingsInput = { cleanUp: { mode: 'on', registeredBy: ['anonymous'] } }
    await use(of, [], now + 120 * day)
    expect(await night(of, now + 120 * day, { settings })).toMatchObject({
      released: 2,
      deleted: 0,
    })
    for (const { due, due_at, stale_at } of await clients(of))
      expect([due, due_at, stale_at]).toEqual([undefined, undefined, undefined])
  })

  test('releases clients in use of a kind that it no longer covers', async () => {
    const of = await table()
    await register(of.on, 2)
    await use(of, [], now + 30 * day)
    const settings: SettingsInput = { cleanUp: { mode: 'on', registeredBy: ['anonymous'] } }
    expect(await night(of, now + 30 * day, { settings })).toMatchObject({ released: 2, stale: 0 })
    for (const { due, due_at } of await clients(of))
      expect([due, due_at]).toEqual([undefined, undefined])
  })

  test('keeps a client that a use revived, until it is unused for long again', async () => {
    const of = await table()
    const [client_id = ''] = await register(of.on, 1)
    await use(of, [], now + 30 * day)
    await night(of, now + 30 * day)
    expect(await staleIds(of)).toEqual([client_id])
    await use(of, [client_id], now + 60 * day)
    await use(of, [], now + 120 * day)
    expect(await night(of, now + 120 * day)).toMatchObject({ kept: 1, deleted: 0 })
    await use(of, [], now + 150 * day)
    expect(await night(of, now + 150 * day)).toMatchObject({ stale: 1 })
  })

  test.each([
    ['makes a client stale', 30, { stale: 1, changed: 0 }],
    ['deletes a client', 120, { deleted: 1, changed: 0 }],
  ])('that %s counts its own write where the response is lost', async (_, days, counts) => {
    const of = await table()
    await register(of.on, 1)
    for (let at = now + 30 * day; at < now + days * day; at += 90 * day) {
      await use(of, [], at)
      await night(of, at)
    }
    const at = now + days * day
    await use(of, [], at)
    const dynamodb = await unreliableDynamodb(embeddedDynamodb)
    const documents = documentClient({ endpoint: dynamodb.endpoint })
    const store = dynamodbCleanUpStore(documents, of.TableName)
    // The write of the client is the first of a night that has walked through all clients.
    await night(of, at - 1)
    const ports = { settings: of.on.settings, store, mayContinue: () => true }
    for (const operation of ['UpdateItem', 'TransactWriteItems'])
      dynamodb.fail(operation, 'answer lost')
    expect(await cleanUp(at, ports)).toMatchObject(counts)
    expect(dynamodb.requests.length).toBeGreaterThan(2)
    documents.destroy()
    await dynamodb.close()
  })

  test('covers clients that were registered while clean-up was off', async () => {
    const of = await table()
    await night(of, now)
    await register(of.server({}), 2)
    expect(await night(of, now + day)).toMatchObject({ scheduled: 0 })
    expect(await night(of, now + 4 * day)).toMatchObject({ scheduled: 2 })
  })

  test('leaves a client alone that another night at the same time has already kept', async () => {
    const of = await table()
    const [client_id = ''] = await register(of.on, 1)
    await use(of, [client_id], now + 29 * day)
    const documents = documentClient({ endpoint: embeddedDynamodb })
    const others: unknown[] = []
    documents.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          const isFirst = commandName === 'BatchGetItemCommand' && others.length === 0
          if (isFirst) others.push(await night(of, now + 30 * day))
          return next(args)
        },
      { step: 'initialize' },
    )
    // It has listed the client before the other night begins, and reads it afterwards.
    const store = dynamodbCleanUpStore(documents, of.TableName)
    const { clients: due } = await store.listDue('DUE', now + 30 * day, 10, undefined)
    documents.destroy()
    expect(others).toMatchObject([{ kept: 1 }])
    expect(due).toEqual([])
  })

  test('gives back what a deleted client counted toward its owner’s quota', async () => {
    const of = await table()
    const counting: SettingsInput = {
      ...covering,
      cleanUp: { mode: 'on', registeredBy: ['initial_access_token'] },
      policies: ['maximum-clients-per-owner'],
      policySettings: { 'maximum-clients-per-owner': { max: 3 } },
    }
    const server = of.server(counting)
    const bearer = await initialAccessToken(server, { sub: 'alice' })
    await registerClient({ bearer, body: { ...ordinary }, now }, server)
    const count = async () => (await stored(of, 'OWNER#'))[0]?.clients
    expect(await count()).toBe(1)
    for (const at of [now + 30 * day, now + 120 * day]) {
      await use(of, [], at)
      await night(of, at, { settings: counting })
    }
    expect(await count()).toBe(0)
    const [tombstone] = await stored(of, 'TOMBSTONE#')
    expect(tombstone).toMatchObject({ owned_by: 'alice', deleted_at: now + 120 * day })
    expect(tombstone).not.toHaveProperty('metadata')
  })
})

describe('a client that is used between the decision and the write', () => {
  test.each([
    ['is never made stale', 30, 0],
    ['is never deleted', 120, 1],
  ])('%s', async (_, days, nightsBefore) => {
    const of = await table()
    const [client_id = ''] = await register(of.on, 1)
    const at = now + days * day
    if (nightsBefore > 0) {
      await use(of, [], now + 30 * day)
      await night(of, now + 30 * day)
      expect(await staleIds(of)).toEqual([client_id])
    }
    await use(of, [], at)
    const documents = documentClient({ endpoint: embeddedDynamodb })
    let isUsed = false
    documents.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (/^(Update|TransactWrite)/.test(commandName ?? '') && !isUsed) {
            isUsed = true
            await use(of, [client_id], at)
          }
          return next(args)
        },
      { step: 'initialize' },
    )
    const store = dynamodbCleanUpStore(documents, of.TableName)
    const ports = { settings: of.on.settings, store, mayContinue: () => true }
    const result = await cleanUp(at, ports)
    documents.destroy()
    expect(isUsed).toBe(true)
    expect(result).toMatchObject({ stale: 0, deleted: 0, changed: 1 })
    const [client] = await clients(of)
    expect(client).toMatchObject({ last_used_at: at })
    expect(client).not.toHaveProperty('stale_at')
  })
})

describe('a client that awaits approval', () => {
  const approving: SettingsInput = {
    registration: 'dynamic',
    approval: 'disabled_until_approved',
    cleanUp: { mode: 'on' },
  }

  test('is never deleted where it is approved between the decision to delete it and the write', async () => {
    const of = await table()
    const server = of.server(approving)
    const request = { bearer: undefined, body: { ...ordinary }, now }
    const { client_id } = await registerClient(request, server)
    const documents = documentClient({ endpoint: embeddedDynamodb })
    let isDecided = false
    documents.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (/^TransactWrite/.test(commandName ?? '') && !isDecided) {
            isDecided = true
            const body = { decision: 'approve' }
            const at = { now: now + 30 * day, bearer: masterToken }
            await decideRegistration({ ...at, client_id, body }, server)
          }
          return next(args)
        },
      { step: 'initialize' },
    )
    const store = dynamodbCleanUpStore(documents, of.TableName)
    const ports = { settings: server.settings, store, mayContinue: () => true }
    expect(await cleanUp(now + 30 * day, ports)).toMatchObject({ deleted: 0, changed: 1 })
    documents.destroy()
    expect(isDecided).toBe(true)
    const [client] = await clients(of)
    expect(client).toMatchObject({ decision: { outcome: 'approved' } })
    expect(client).not.toHaveProperty('disabled_at')
  })

  test('is covered where it was registered before clean-up, and deleted in the end', async () => {
    const of = await table()
    const off: SettingsInput = { ...approving, cleanUp: { mode: 'off' } }
    const request = { bearer: undefined, body: { ...ordinary }, now }
    await registerClient(request, of.server(off))
    const settings = approving
    expect(await night(of, now + 40 * day, { settings })).toMatchObject({ scheduled: 1 })
    expect(await night(of, now + 70 * day, { settings })).toMatchObject({ deleted: 1 })
    expect(await clients(of)).toEqual([])
  })
})
