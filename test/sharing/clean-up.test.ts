import { expect, test } from 'vitest'
import { dynamodbCleanUpStore } from '../../lib/adapters/dynamodb/clean-up-store.ts'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { cleanUp } from '../../lib/clean-up/clean-up.ts'
import { getClient } from '../../lib/operator/get-client.ts'
import { readClient } from '../../lib/read-client.ts'
import { recordUse } from '../../lib/record-use.ts'
import { registerClient } from '../../lib/register-client.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { now } from '../support/clients.ts'
import { composeServer, masterToken } from '../support/compose.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { createTable } from '../support/table.ts'

const day = 86_400
const settings = {
  registration: 'dynamic',
  sharing: 'public',
  cleanUp: { mode: 'on' },
  registrationAccessToken: { lifetime: 0 },
} satisfies SettingsInput

const program = {
  client_name: 'A program',
  redirect_uris: ['http://127.0.0.1:4711/callback'],
  token_endpoint_auth_method: 'none',
}

/** A shared client that a night of clean-up has made stale. */
async function staleClient() {
  const TableName = await createTable(embeddedDynamodb)
  const documents = documentClient({ endpoint: embeddedDynamodb })
  const server = composeServer(documents, TableName, settings)
  const store = dynamodbCleanUpStore(documents, TableName)
  const register = (at: number) =>
    registerClient({ bearer: undefined, body: program, now: at }, server)
  const registered = await register(now)
  const later = now + 31 * day
  await recordUse([], later, server)
  await cleanUp(later, { settings: server.settings, store, mayContinue: () => true })
  const state = async () => {
    const request = { bearer: masterToken, client_id: registered.client_id, now: later }
    return (await getClient(request, server)).state
  }
  expect(await state()).toBe('stale')
  return { server, register, registered, later, state }
}

test('a stale shared client is revived by a registration that joins it', async () => {
  const { register, registered, later, state } = await staleClient()
  expect((await register(later)).client_id).toBe(registered.client_id)
  expect(await state()).toBe('active')
})

test('a stale shared client is revived by a read with its own token', async () => {
  const { registered, server, later, state } = await staleClient()
  const { client_id, registration_access_token: bearer } = registered
  await readClient({ bearer, client_id, now: later }, server)
  expect(await state()).toBe('active')
})
