import { inject } from 'vitest'
import { dynamodbClientStore } from '../../lib/dynamodb/client-store.ts'
import { documentClient } from '../../lib/dynamodb/document-client.ts'
import { dynamodbInitialAccessTokenStore } from '../../lib/dynamodb/initial-access-token-store.ts'
import type { Server } from '../../lib/server.ts'
import { parseSettings, type SettingsInput } from '../../lib/settings/settings.ts'
import { createTable } from './table.ts'

export const masterToken = 'the-master-token-of-these-tests'

type Options = {
  readonly settings?: SettingsInput
  /** A way to the embedded DynamoDB on which something can go wrong. */
  readonly endpoint?: string
}

export type TestServer = Server & {
  readonly TableName: string
  readonly warnings: string[]
}

/** The server that the Lambdas compose, on the embedded DynamoDB, with keys in memory. */
export async function testServer(options: Options = {}): Promise<TestServer> {
  const { endpoint = inject('dynamodb'), settings = {} } = options
  const TableName = await createTable(inject('dynamodb'))
  const documents = documentClient({ endpoint })
  const ring = {
    current: 'k1',
    keys: new Map([['k1', 'a-key-of-these-tests-that-is-long-enough']]),
  }
  const warnings: string[] = []
  return {
    settings: parseSettings(settings),
    issuer: 'https://as.example',
    registrationEndpoint: 'https://as.example/register',
    clients: dynamodbClientStore(documents, TableName),
    initialAccessTokens: dynamodbInitialAccessTokenStore(documents, TableName),
    keyRing: async () => ring,
    isMasterToken: async (bearer) => bearer === masterToken,
    isStaticInitialAccessToken: async () => false,
    warn: (message) => warnings.push(message),
    TableName,
    warnings,
  }
}
