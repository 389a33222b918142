import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { type ListingPosition, walkListing } from '../../lib/adapters/dynamodb/walk-listing.ts'
import { updateClientAdmin } from '../../lib/operator/update-client-admin.ts'
import { registerClient } from '../../lib/register-client.ts'
import { initialAccessToken, now, ordinary, registered } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { testServer } from '../support/server.ts'
import { stored } from '../support/stored.ts'

let documents: ReturnType<typeof documentClient>
beforeAll(() => {
  documents = documentClient({ endpoint: embeddedDynamodb })
})
afterAll(() => documents.destroy())

async function walk(TableName: string, after?: ListingPosition) {
  const pages = []
  for await (const { items, position } of walkListing(documents, TableName, after))
    pages.push({ keys: items.map(({ pk }) => String(pk)), position })
  return pages
}

/** A table with clients in all listings, of which one shard has three pages, and a token. */
async function table() {
  const server = await testServer()
  for (let count = 0; count < 210; count += 1) {
    const digits = String(count).padStart(4, '0')
    // The sum of the characters decides on the shard.
    const client_id = `${digits}${String.fromCharCode(114 - digitSum(digits))}`
    const generators = { ...server.generators, clientId: () => client_id }
    const request = { bearer: masterToken, body: ordinary, now: now + count }
    await registerClient(request, { ...server, generators })
  }
  const { client_id } = await registered(server)
  const body = { label: 'Partner' }
  await updateClientAdmin({ bearer: masterToken, client_id, body, now }, server)
  await initialAccessToken(server)
  return server
}

const digitSum = (digits: string): number =>
  digits.split('').reduce((sum, digit) => sum + Number(digit), 0)

describe('a walk through the listing', () => {
  test('meets each item once, and continues after any page', async () => {
    const server = await table()
    const pages = await walk(server.TableName)
    const all = (await stored(server, '')).map(({ pk }) => String(pk))
    const met = pages.flatMap(({ keys }) => keys)
    expect(met.toSorted()).toEqual(all.toSorted())
    expect(Math.max(...pages.map(({ keys }) => keys.length))).toBe(100)
    for (const [index, { position }] of pages.entries())
      expect(await walk(server.TableName, position)).toEqual(pages.slice(index + 1))
  })

  test('has no page for an empty table, and rejects a position that is none', async () => {
    const { TableName } = await testServer()
    expect(await walk(TableName)).toEqual([])
    const unknown = { listed: 'CLIENT#8', listed_at: '0' }
    await expect(walk(TableName, unknown)).rejects.toThrow('CLIENT#8: the listing has no such')
  })
})
