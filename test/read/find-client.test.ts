import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb'
import { afterAll, describe, expect, test } from 'vitest'
import { deleteClient } from '../../lib/delete-client.ts'
import { clientOf, findClient, verifyClientSecret } from '../../lib/read/index.ts'
import { meter } from '../bench/meter.ts'
import { now, ordinary, registered } from '../support/clients.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { testServer } from '../support/server.ts'

const documents = DynamoDBDocument.from(new DynamoDBClient({ endpoint: embeddedDynamodb }))
const measure = meter(documents)
afterAll(() => documents.destroy())

describe('findClient', () => {
  test('finds a client with one strongly consistent read of one unit', async () => {
    const server = await testServer()
    const { client_id, client_secret } = await registered(server)
    const cost = await measure(async () => {
      const item = await findClient(documents, server.TableName, client_id)
      expect(clientOf(item, now)).toMatchObject({ client_id, ...ordinary })
      expect(verifyClientSecret(item, String(client_secret), now)).toBe(true)
    })
    expect(cost).toMatchObject({ roundTrips: 1, readUnits: 1, writeUnits: 0 })
  })

  test('finds a client no longer once it was deleted', async () => {
    const server = await testServer()
    const { client_id, token } = await registered(server)
    await deleteClient({ bearer: token, client_id, now }, server)
    expect(await findClient(documents, server.TableName, client_id)).toBeUndefined()
  })

  test('finds nothing for an identifier that cannot exist, without a request', async () => {
    const cost = await measure(async () => {
      for (const client_id of ['', 'é', 'a\n', 'x'.repeat(3000)])
        expect(await findClient(documents, 'no-such-table', client_id)).toBeUndefined()
    })
    expect(cost.roundTrips).toBe(0)
  })
})
