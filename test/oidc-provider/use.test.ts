import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientAdapter } from '../../lib/oidc-provider/index.ts'
import { updateClientAdmin } from '../../lib/operator/update-client-admin.ts'
import type { CoveredClient } from '../../lib/ports/clean-up-store.ts'
import { currentTime } from '../../lib/read/active-client.ts'
import { registerClient } from '../../lib/register-client.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { meter } from '../bench/meter.ts'
import { ordinary, tally } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { testServer } from '../support/server.ts'
import { stored } from '../support/stored.ts'

const day = 86_400
const settings: SettingsInput = { cleanUp: { mode: 'on', registeredBy: ['operator'] } }

let server: Awaited<ReturnType<typeof testServer>>
const documents = DynamoDBDocument.from(new DynamoDBClient({ endpoint: embeddedDynamodb }))
const measure = meter(documents)
beforeAll(async () => {
  server = await testServer({ settings })
})
afterAll(() => documents.destroy())

const adapter = () => clientAdapter({ documents, tableName: server.TableName })

async function registered(): Promise<string> {
  const request = { bearer: masterToken, body: { ...ordinary }, now: currentTime() - 40 * day }
  return (await registerClient(request, server)).client_id
}

async function staleClient(): Promise<string> {
  const client_id = await registered()
  const client = (await server.clients.find(client_id)) as CoveredClient
  expect(await server.cleanUp.makeStale(client, currentTime() - day, currentTime())).toBe(true)
  return client_id
}

describe('a lookup of a client by oidc-provider', () => {
  test('records its use in one write, once a day, and that use is reported', async () => {
    const client_id = await registered()
    const { find } = adapter()
    expect(await find(client_id)).toMatchObject({ client_id })
    const again = await measure(() => find(client_id))
    expect(again).toMatchObject({ roundTrips: 1, readUnits: 1, writeUnits: 0 })
    const other = await registered()
    const first = await measure(() => find(other))
    expect(first).toMatchObject({ roundTrips: 2, readUnits: 1, writeUnits: 1, indexUnits: 0 })
    const client = await server.clients.find(client_id)
    expect(client?.last_used_at).toBeGreaterThan(currentTime() - 60)
    expect(await server.cleanUp.lastReport()).toBeGreaterThan(currentTime() - 60)
  })

  test('revives a stale client before it returns it', async () => {
    const client_id = await staleClient()
    expect(await adapter().find(client_id)).toMatchObject({ client_id })
    const client = await server.clients.find(client_id)
    expect(client).not.toHaveProperty('stale_at')
  })

  test('revives a stale client once, and returns it to all of twenty lookups at once', async () => {
    const client_id = await staleClient()
    const { find } = adapter()
    const found = await Promise.all(Array.from({ length: 20 }, () => find(client_id)))
    expect(tally(found.map((client) => String(client?.client_id === client_id)))).toEqual({
      true: 20,
    })
    const { sequence } = (await server.clients.find(client_id)) ?? {}
    expect(sequence).toBe(3)
  })

  test('neither records a disabled client nor returns it, nor one that is unknown', async () => {
    const client_id = await staleClient()
    const request = { bearer: masterToken, client_id, now: currentTime(), body: { disabled: true } }
    await updateClientAdmin(request, server)
    expect(await adapter().find(client_id)).toBeUndefined()
    expect(await server.clients.find(client_id)).not.toHaveProperty('last_used_at')
    expect(await adapter().find('unknown')).toBeUndefined()
    expect(await stored(server, 'CLIENT#unknown')).toEqual([])
  })

  test('does not fail where it lacks the right to write, and does not try again at once', async () => {
    const client_id = await registered()
    const denied = Object.assign(new Error('denied'), { name: 'AccessDeniedException' })
    const errors: unknown[] = []
    const readOnly = {
      get: documents.get.bind(documents),
      update: () => Promise.reject(denied),
    }
    const { find } = clientAdapter({
      documents: readOnly,
      tableName: server.TableName,
      onUseError: (error) => errors.push(error),
    })
    for (let count = 0; count < 3; count += 1)
      expect(await find(client_id)).toMatchObject({ client_id })
    expect(errors).toEqual([denied])
    expect(await find(await staleClient())).toBeUndefined()
  })

  test('records nothing where that is switched off', async () => {
    const client_id = await registered()
    const off = clientAdapter({ documents, tableName: server.TableName, recordsUse: false })
    expect(await off.find(client_id)).toMatchObject({ client_id })
    expect(await server.clients.find(client_id)).not.toHaveProperty('last_used_at')
    expect(await off.find(await staleClient())).toBeUndefined()
  })
})
