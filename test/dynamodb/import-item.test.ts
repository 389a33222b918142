import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { type ImportedClient, itemImporter } from '../../lib/adapters/dynamodb/import-item.ts'
import type { RegisteredClient } from '../../lib/client.ts'
import { sha256 } from '../../lib/tokens/token.ts'
import { type UnreliableDynamodb, unreliableDynamodb } from '../doubles/unreliable-dynamodb.ts'
import { now } from '../support/clients.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { stored } from '../support/stored.ts'
import { createTable } from '../support/table.ts'

const client: RegisteredClient = {
  client_id: 'a-client',
  client_id_issued_at: now - 1000,
  version: 3,
  write_id: sha256('a line').slice(0, 8),
  registration_method: 'access_token',
  iss: 'https://issuer.example',
  owner: 'alice',
  metadata: {
    application_type: 'web',
    grant_types: ['authorization_code'],
    response_types: ['code'],
    redirect_uris: ['https://client.example/callback'],
    token_endpoint_auth_method: 'none',
  },
}
const other = { ...client, write_id: sha256('another line').slice(0, 8) }
const token = {
  id: 's00000000000000000001',
  token_digest: sha256('a token'),
  issued_at: now,
  expires_at: now + 60,
  scope: 'client-reg',
}

let front: UnreliableDynamodb
let documents: ReturnType<typeof documentClient>
beforeAll(async () => {
  front = await unreliableDynamodb(embeddedDynamodb)
  documents = documentClient({ endpoint: front.endpoint, requestHandler: {} })
})
afterAll(async () => {
  documents.destroy()
  await front.close()
})

async function emptyTable() {
  const TableName = await createTable(embeddedDynamodb)
  const importer = itemImporter(documents, TableName)
  const add = (imported: RegisteredClient, more: Partial<ImportedClient> = {}) =>
    importer.importClient({ client: imported, now, ...more })
  return { TableName, importer, add }
}

describe('a client that is imported', () => {
  test('is stored once: the same is present, and another of its id is kept out', async () => {
    const { TableName, importer, add } = await emptyTable()
    expect(await importer.findImported(client)).toBeUndefined()
    expect(await add(client)).toBe('imported')
    const before = await stored({ TableName }, '')
    expect(before).toMatchObject([{ pk: 'CLIENT#a-client', sequence: now * 1000, version: 3 }])
    expect(await add(client)).toBe('present')
    expect(await add(other)).toBe('kept')
    expect(await importer.findImported(client)).toBe('present')
    expect(await importer.findImported(other)).toBe('kept')
    expect(await stored({ TableName }, '')).toEqual(before)
  })

  test.each([1, 2])('is imported where %d responses were lost', async (count) => {
    const { add } = await emptyTable()
    front.fail('PutItem', ...Array.from({ length: count }, () => 'answer lost' as const))
    expect(await add(client)).toBe('imported')
  })

  test('counts toward its quotas in the same transaction, and only once', async () => {
    const { TableName, add } = await emptyTable()
    const counted = { ...client, counted: true } as const
    const quotas = { counted_software: sha256('software').slice(0, 16) }
    front.fail('TransactWriteItems', 'answer lost')
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        add({ ...counted, client_id: `client-${index % 10}` }, quotas),
      ),
    )
    expect(outcomes.toSorted()).toEqual([
      ...Array.from({ length: 10 }, () => 'imported'),
      ...Array.from({ length: 10 }, () => 'present'),
    ])
    expect(
      await add({ ...other, ...counted, write_id: other.write_id, client_id: 'client-1' }, quotas),
    ).toBe('kept')
    const counts = await stored({ TableName }, 'OWNER#')
    expect(counts.map(({ clients }) => clients)).toEqual([10, 10])
  })

  test('is imported after one with the same quota failed', async () => {
    const { add } = await emptyTable()
    const denied = { status: 400, body: { __type: 'x#AccessDeniedException', message: 'no' } }
    front.fail('TransactWriteItems', denied)
    const counted = { ...client, counted: true } as const
    const outcomes = await Promise.allSettled([add(counted), add({ ...counted, client_id: 'b' })])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
  })

  test.each<[string, Partial<RegisteredClient>, object]>([
    ['a label', { label: 'Partner' }, { listed: expect.stringMatching(/^LABELLED#/) }],
    [
      'a label, awaiting approval',
      { label: 'Partner', pending_at: now },
      { listed: expect.stringMatching(/^PENDING#/) },
    ],
    ['a time for clean-up', { due_at: now }, { due: expect.stringMatching(/^DUE#/) }],
    [
      'a time for clean-up, stale',
      { due_at: now, stale_at: now },
      { due: expect.stringMatching(/^STALE#/) },
    ],
  ])('is found by the indexes with %s', async (_, state, attributes) => {
    const { TableName, add } = await emptyTable()
    await add({ ...client, ...state })
    expect(await stored({ TableName }, '')).toEqual([expect.objectContaining(attributes)])
  })
})

describe('an initial access token that is imported', () => {
  test('is stored once, and another one of its ID is kept out', async () => {
    const { TableName, importer } = await emptyTable()
    expect(await importer.importInitialAccessToken(token)).toBe('imported')
    expect(await importer.importInitialAccessToken({ ...token, uses_left: 1 })).toBe('present')
    const another = { ...token, token_digest: sha256('another') }
    expect(await importer.importInitialAccessToken(another)).toBe('kept')
    expect(await stored({ TableName }, '')).toMatchObject([{ pk: `IAT#${token.id}`, schema: 1 }])
  })

  test('is imported where the response was lost', async () => {
    const { importer } = await emptyTable()
    front.fail('PutItem', 'answer lost')
    expect(await importer.importInitialAccessToken(token)).toBe('imported')
  })
})
