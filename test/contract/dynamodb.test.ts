import { afterAll, beforeAll } from 'vitest'
import { dynamodbClientAdminStore } from '../../lib/adapters/dynamodb/client-admin-store.ts'
import { dynamodbClientStore } from '../../lib/adapters/dynamodb/client-store.ts'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { dynamodbInitialAccessTokenStore } from '../../lib/adapters/dynamodb/initial-access-token-store.ts'
import { type UnreliableDynamodb, unreliableDynamodb } from '../doubles/unreliable-dynamodb.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { createTable } from '../support/table.ts'
import type { MakeStores } from './stores.ts'
import { storesContract } from './stores-contract.ts'

let dynamodb: UnreliableDynamodb
let documents: ReturnType<typeof documentClient>
beforeAll(async () => {
  dynamodb = await unreliableDynamodb(embeddedDynamodb)
  // Without the Lambda's time-outs, which a busy machine exceeds: an answer is lost only where a test says so.
  documents = documentClient({ endpoint: dynamodb.endpoint, requestHandler: {} })
})
afterAll(async () => {
  documents?.destroy()
  await dynamodb?.close()
})

const makeStores: MakeStores = async () => {
  const table = await createTable(embeddedDynamodb)
  return {
    clients: dynamodbClientStore(documents, table, { name: true, redirectHost: true }),
    clientAdmin: dynamodbClientAdminStore(documents, table),
    initialAccessTokens: dynamodbInitialAccessTokenStore(documents, table),
    loseNextAnswer: () => dynamodb.fail('any', 'answer lost'),
  }
}

storesContract(makeStores)
