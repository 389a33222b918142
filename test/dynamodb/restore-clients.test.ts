import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { type Restoration, restoreClients } from '../../lib/adapters/dynamodb/restore-clients.ts'
import { deleteClientAdmin } from '../../lib/operator/delete-client-admin.ts'
import { listClients } from '../../lib/operator/list-clients.ts'
import { updateClientAdmin } from '../../lib/operator/update-client-admin.ts'
import { readClient } from '../../lib/read-client.ts'
import { registerClient } from '../../lib/register-client.ts'
import { initialAccessToken, now, ordinary, outcomeOf, registered } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { testServer } from '../support/server.ts'
import { stored } from '../support/stored.ts'
import { createTable } from '../support/table.ts'

let documents: ReturnType<typeof documentClient>
beforeAll(() => {
  documents = documentClient({ endpoint: embeddedDynamodb })
})
afterAll(() => documents.destroy())

type Served = Awaited<ReturnType<typeof testServer>>

/** A table with all that the server's has now, as a restored backup is. */
async function backupOf(server: Served): Promise<string> {
  const TableName = await createTable(embeddedDynamodb)
  for (const Item of await stored(server, ''))
    await documents.send(new PutCommand({ TableName, Item }))
  return TableName
}

async function restore(server: Served, from: string, wanted: Partial<Restoration> = {}) {
  const restoration = { from, into: server.TableName, replace: false, now: now + 100, ...wanted }
  const outcomes: Record<string, string> = {}
  for await (const { client_id, outcome } of restoreClients(documents, restoration))
    outcomes[client_id] = outcome
  return outcomes
}

const discard = (server: Served, client_id: string) =>
  deleteClientAdmin({ bearer: masterToken, client_id, now }, server)

const sequenceOf = async (server: Served, client_id: string) =>
  (await stored(server, `CLIENT#${client_id}`))[0]?.sequence

describe('clients that are put back from a backup', () => {
  test('are what they were: token, metadata, secret', async () => {
    const server = await testServer()
    const { client_id, token, client_secret } = await registered(server)
    const from = await backupOf(server)
    await discard(server, client_id)
    expect(await restore(server, from, { clients: [client_id] })).toEqual({
      [client_id]: 'restored',
    })
    const read = await readClient({ bearer: token, client_id, now }, server)
    expect(read).toMatchObject({ ...ordinary, client_secret })
  })

  test('are found as before by name and by redirect host', async () => {
    const settings = { findClientsBy: { name: true, redirectHost: true } }
    const server = await testServer({ settings })
    const { client_id } = await registered(server)
    const from = await backupOf(server)
    await discard(server, client_id)
    const find = async () => {
      const queries = [{ name_prefix: 'an ordinary' }, { redirect_host: 'client.example' }]
      const pages = queries.map((query) => listClients({ bearer: masterToken, now, query }, server))
      return (await Promise.all(pages)).map(({ clients }) =>
        clients.map((client) => client.client_id),
      )
    }
    expect(await find()).toEqual([[], []])
    await restore(server, from, { clients: [client_id] })
    expect(await find()).toEqual([[client_id], [client_id]])
  })

  test('have a sequence above all that was published of them before, each time they come back', async () => {
    const server = await testServer()
    const { client_id } = await registered(server)
    const from = await backupOf(server)
    let last = 0
    for (const at of [now + 100, now + 200]) {
      for (const note of ['a', 'b', 'c'])
        await updateClientAdmin({ bearer: masterToken, client_id, body: { note }, now }, server)
      last = Number(await sequenceOf(server, client_id))
      await discard(server, client_id)
      await restore(server, from, { clients: [client_id], now: at })
      expect(await sequenceOf(server, client_id)).toBeGreaterThan(last + 1)
    }
  })

  test('are left alone where they are there, unless they are to be replaced', async () => {
    const server = await testServer()
    const { client_id } = await registered(server)
    const from = await backupOf(server)
    await updateClientAdmin(
      { bearer: masterToken, client_id, body: { label: 'spoilt' }, now },
      server,
    )
    expect(await restore(server, from)).toEqual({ [client_id]: 'kept' })
    expect((await stored(server, 'CLIENT#'))[0]).toHaveProperty('label', 'spoilt')
    expect(await restore(server, from, { replace: true })).toEqual({ [client_id]: 'restored' })
    expect((await stored(server, 'CLIENT#'))[0]).not.toHaveProperty('label')
  })

  test('are all that are missing, and clients only: a token that was revoked stays revoked', async () => {
    const server = await testServer()
    const ids = []
    for (let client = 0; client < 5; client += 1) ids.push((await registered(server)).client_id)
    const bearer = await initialAccessToken(server)
    const from = await backupOf(server)
    const [first = '', second = '', ...others] = ids
    for (const client_id of [first, second]) await discard(server, client_id)
    await server.initialAccessTokens.revoke(bearer.split('_')[1] ?? '')
    const kept = others.map((client_id) => [client_id, 'kept'])
    expect(await restore(server, from)).toEqual({
      [first]: 'restored',
      [second]: 'restored',
      ...Object.fromEntries(kept),
    })
    expect(await stored(server, 'IAT#')).toEqual([])
  })

  test('count for their owner again, and can be deleted as before', async () => {
    const server = await testServer({
      settings: {
        policies: ['maximum-clients-per-owner'],
        policySettings: { 'maximum-clients-per-owner': { max: 3 } },
      },
    })
    const bearer = await initialAccessToken(server, { sub: 'alice' })
    const { client_id } = await registerClient({ bearer, body: ordinary, now }, server)
    const from = await backupOf(server)
    await discard(server, client_id)
    await restore(server, from)
    expect((await stored(server, 'OWNER#')).map(({ clients }) => clients)).toEqual([1])
    expect(await restore(server, from)).toEqual({ [client_id]: 'kept' })
    expect((await stored(server, 'OWNER#')).map(({ clients }) => clients)).toEqual([1])
    expect(await outcomeOf(discard(server, client_id))).toBe('ok')
    expect((await stored(server, 'OWNER#')).map(({ clients }) => clients)).toEqual([0])
  })

  test('that the backup does not have are named', async () => {
    const server = await testServer()
    const from = await backupOf(server)
    expect(await restore(server, from, { clients: ['nobody'] })).toEqual({ nobody: 'unknown' })
  })
})
