import { execFile } from 'node:child_process'
import { CreateTableCommand, DynamoDBClient, type KeySchemaElement } from '@aws-sdk/client-dynamodb'
import { UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { indexClients } from '../../lib/adapters/dynamodb/index-clients.ts'
import { clientKey } from '../../lib/adapters/dynamodb/table.ts'
import { listClients } from '../../lib/operator/list-clients.ts'
import { registerClient } from '../../lib/register-client.ts'
import { updateClient } from '../../lib/update-client.ts'
import { initialAccessToken, now, ordinary, registered } from '../support/clients.ts'
import { composeServer, masterToken } from '../support/compose.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { testServer } from '../support/server.ts'
import { stored } from '../support/stored.ts'

const both = { name: true, redirectHost: true }

let documents: ReturnType<typeof documentClient>
beforeAll(() => {
  documents = documentClient({ endpoint: embeddedDynamodb, requestHandler: {} })
})
afterAll(() => documents?.destroy())

type Served = Awaited<ReturnType<typeof testServer>>

/** The same service once its settings have the indexes. */
const finding = ({ TableName }: Served) =>
  composeServer(documents, TableName, { findClientsBy: both })

async function find(server: Served, query: Readonly<Record<string, string>>) {
  const { clients } = await listClients({ bearer: masterToken, now, query }, finding(server))
  return clients.map(({ client_id }) => client_id)
}

type Result = { readonly code: number; readonly out: string; readonly err: string }

/** Runs the command as an operator does. */
function run(...options: readonly string[]): Promise<Result> {
  const environment = {
    PATH: process.env.PATH,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: embeddedDynamodb,
  }
  const words = ['cdk/commands/client-registration.ts', 'index-clients', ...options]
  return new Promise((resolve) => {
    execFile(process.execPath, words, { env: environment }, (error, out, err) =>
      resolve({ code: Number(error?.code ?? 0), out, err }),
    )
  })
}

/** A table without the two indexes, as it is before the deploy that adds one. */
async function plainTable(TableName: string): Promise<string> {
  const client = new DynamoDBClient({ endpoint: embeddedDynamodb })
  const keys: KeySchemaElement[] = [{ AttributeName: 'pk', KeyType: 'HASH' }]
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: keys,
    }),
  )
  client.destroy()
  return TableName
}

describe('client-registration index-clients', () => {
  test('indexes clients that were registered before, and changes nothing else of them', async () => {
    const server = await testServer()
    const token = await initialAccessToken(server, { max_uses: 3 })
    const { client_id } = await registerClient({ bearer: token, body: ordinary, now }, server)
    const labelled = await registered(server, { ...ordinary, client_name: 'Labelled' })
    await server.clientAdmin.update(labelled.client_id, { label: 'Partner' })
    const pending = await registered(server, { ...ordinary, client_name: 'Pending' })
    await documents.send(
      new UpdateCommand({
        TableName: server.TableName,
        Key: clientKey(pending.client_id),
        UpdateExpression: 'SET listed = :pending',
        ExpressionAttributeValues: { ':pending': 'PENDING#0' },
      }),
    )
    const ids = [client_id, labelled.client_id, pending.client_id]
    const before = await Promise.all(ids.map((id) => server.clients.find(id)))
    expect(await find(server, { name_prefix: 'an ordinary' })).toEqual([])
    const first = await run('--table', server.TableName)
    expect(first).toEqual({
      code: 0,
      out: '3 indexed, 0 were indexed before or need no entry\n',
      err: '',
    })
    expect(await find(server, { name_prefix: 'an ordinary' })).toEqual([client_id])
    expect(await find(server, { name_prefix: 'labelled' })).toEqual([labelled.client_id])
    expect(await find(server, { name_prefix: 'pending' })).toEqual([pending.client_id])
    expect((await find(server, { redirect_host: 'client.example' })).sort()).toEqual(ids.sort())
    const after = await Promise.all(
      before.map((client) => server.clients.find(client?.client_id ?? '')),
    )
    expect(after).toEqual(before)
    const again = await run('--table', server.TableName)
    expect(again.out).toBe('0 indexed, 3 were indexed before or need no entry\n')
  })

  test('repairs what an update made while the indexes were off', async () => {
    const server = await testServer()
    const { client_id, token } = await registered(finding(server), ordinary)
    const body = { ...ordinary, client_id, client_name: 'Renamed' }
    await updateClient({ bearer: token, client_id, body, now }, server)
    expect(await find(server, { name_prefix: 'an ordinary' })).toEqual([])
    await run('--table', server.TableName)
    expect(await find(server, { name_prefix: 'renamed' })).toEqual([client_id])
  })

  test('leaves a client that is updated meanwhile under its last name', async () => {
    const server = await testServer()
    const clients = await Promise.all(Array.from({ length: 30 }, () => registered(server)))
    const walk = async () => {
      for await (const _ of indexClients(documents, server.TableName, both));
    }
    const rename = async ({ client_id, token }: (typeof clients)[number]) => {
      const body = { ...ordinary, client_id, client_name: 'Last name' }
      await updateClient({ bearer: token, client_id, body, now }, finding(server))
    }
    await Promise.all([walk(), ...clients.map(rename), walk()])
    expect(await find(server, { name_prefix: 'an ordinary', limit: '100' })).toEqual([])
    expect(await find(server, { name_prefix: 'last name', limit: '100' })).toHaveLength(30)
    for (const { named_as } of await stored(server, 'CLIENT#'))
      expect(named_as).toMatch(/^last name\t/)
  })

  test('continues at the position that it printed', async () => {
    const server = await testServer()
    const clients = []
    for (let count = 0; count < 3; count += 1) clients.push(await registered(server))
    const [, , last] = clients.map(({ client_id }) => `${now}#${client_id}`).sort()
    const { out } = await run('--table', server.TableName, '--from', last ?? '')
    expect(out).toBe('2 indexed, 0 were indexed before or need no entry\n')
  })

  test('says what to do where there is no table, no index or no such position', async () => {
    const unknown = await run('--table', 'nothing')
    expect(unknown.err).toBe('error: --table nothing: there is no such table in this Region\n')
    const plain = await plainTable(`plain-${Date.now()}`)
    const { err, code } = await run('--table', plain)
    expect([code, err]).toEqual([
      1,
      'error: the table has neither the index by-name nor by-redirect-host: set findClientsBy, and deploy first\n',
    ])
    expect((await run('--table', plain, '--from', 'x')).err).toContain('error: --from:')
    expect((await run('--help')).out).toContain('Safe while the service runs')
  })
})
