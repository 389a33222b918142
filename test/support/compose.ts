import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { dynamodbClientStore } from '../../lib/dynamodb/client-store.ts'
import { dynamodbInitialAccessTokenStore } from '../../lib/dynamodb/initial-access-token-store.ts'
import type { Server } from '../../lib/server.ts'
import { parseSettings, type SettingsInput } from '../../lib/settings/settings.ts'

export const masterToken = 'the-master-token-of-these-tests'
export const staticInitialAccessToken = 'the-static-token-of-these-tests'

const ring = { current: 'k1', keys: new Map([['k1', 'a-key-of-these-tests-that-is-long-enough']]) }

/** The server that the Lambdas compose, on this table, with its secrets in memory. */
export function composeServer(
  documents: DynamoDBDocumentClient,
  TableName: string,
  settings: SettingsInput,
): Server & { readonly TableName: string; readonly warnings: string[] } {
  const warnings: string[] = []
  return {
    settings: parseSettings(settings),
    issuer: 'https://as.example',
    registrationEndpoint: 'https://as.example/register',
    clients: dynamodbClientStore(documents, TableName),
    initialAccessTokens: dynamodbInitialAccessTokenStore(documents, TableName),
    keyRing: async () => ring,
    isMasterToken: async (bearer) => bearer === masterToken,
    isStaticInitialAccessToken: async (bearer) => bearer === staticInitialAccessToken,
    warn: (message) => warnings.push(message),
    TableName,
    warnings,
  }
}
