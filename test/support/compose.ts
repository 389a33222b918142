import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { dynamodbCleanUpStore } from '../../lib/adapters/dynamodb/clean-up-store.ts'
import { dynamodbClientAdminStore } from '../../lib/adapters/dynamodb/client-admin-store.ts'
import { dynamodbClientLifecycleStore } from '../../lib/adapters/dynamodb/client-lifecycle-store.ts'
import { dynamodbClientStore } from '../../lib/adapters/dynamodb/client-store.ts'
import { dynamodbClientUseStore } from '../../lib/adapters/dynamodb/client-use-store.ts'
import { dynamodbDisableJobStore } from '../../lib/adapters/dynamodb/disable-job-store.ts'
import { dynamodbInitialAccessTokenStore } from '../../lib/adapters/dynamodb/initial-access-token-store.ts'
import { dynamodbPendingRegistrationStore } from '../../lib/adapters/dynamodb/pending-registration-store.ts'
import { trust } from '../../lib/jwt/trust.ts'
import { composePolicies } from '../../lib/policy/compose-policies.ts'
import type { CleanUpStore } from '../../lib/ports/clean-up-store.ts'
import type { Server } from '../../lib/server.ts'
import { parseSettings, type SettingsInput } from '../../lib/settings/settings.ts'
import { generateClientId } from '../../lib/tokens/client-id.ts'
import { randomBase64url } from '../../lib/tokens/token.ts'

export const masterToken = 'the-master-token-of-these-tests'
export const staticInitialAccessToken = 'the-static-token-of-these-tests'

export const ring = {
  current: 'k1',
  keys: new Map([['k1', 'a-key-of-these-tests-that-is-long-enough']]),
}
export const secretRing = {
  current: 's1',
  keys: new Map([['s1', 'a-key-of-client-secrets-that-is-long-enough']]),
}

const noNetwork = () => Promise.reject(new Error('tests have no network'))

type Composed = Server & {
  readonly TableName: string
  readonly warnings: string[]
  /** What only the nightly Lambda has. */
  readonly cleanUp: CleanUpStore
}

/** The server that the Lambdas compose, on this table, with its secrets in memory. */
export function composeServer(
  documents: DynamoDBDocumentClient,
  TableName: string,
  settings: SettingsInput,
): Composed {
  const warnings: string[] = []
  const parsed = parseSettings(settings)
  return {
    settings: parsed,
    issuer: 'https://as.example',
    registrationEndpoint: 'https://as.example/register',
    clients: dynamodbClientStore(documents, TableName, parsed.findClientsBy),
    clientAdmin: dynamodbClientAdminStore(documents, TableName),
    clientUse: dynamodbClientUseStore(documents, TableName),
    clientLifecycle: dynamodbClientLifecycleStore(documents, TableName),
    cleanUp: dynamodbCleanUpStore(documents, TableName),
    disableJobs: dynamodbDisableJobStore(documents, TableName),
    initialAccessTokens: dynamodbInitialAccessTokenStore(documents, TableName),
    pendingRegistrations: dynamodbPendingRegistrationStore(documents, TableName),
    keyRing: async () => ring,
    clientSecretKeyRing: async () => secretRing,
    fetchJson: noNetwork,
    trust: trust(parsed, noNetwork),
    policies: composePolicies(parsed, {}),
    generators: {
      clientId: generateClientId,
      clientSecret: () => randomBase64url(parsed.clientSecret.bytes),
    },
    isMasterToken: async (bearer) => bearer === masterToken,
    isStaticInitialAccessToken: async (bearer) => bearer === staticInitialAccessToken,
    annotate: () => {},
    warn: (message) => warnings.push(message),
    TableName,
    warnings,
  }
}
