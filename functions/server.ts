import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { dynamodbClientStore } from '../lib/dynamodb/client-store.ts'
import { documentClient } from '../lib/dynamodb/document-client.ts'
import { dynamodbInitialAccessTokenStore } from '../lib/dynamodb/initial-access-token-store.ts'
import { cachedSecrets } from '../lib/secrets-manager/cached-secrets.ts'
import { keyRingSource } from '../lib/secrets-manager/key-ring-source.ts'
import { secretCheck } from '../lib/secrets-manager/secret-check.ts'
import { readSecrets, secretsManagerClient } from '../lib/secrets-manager/secrets.ts'
import type { Server } from '../lib/server.ts'
import { parseSettings } from '../lib/settings/settings.ts'
import { type Environment, required, settingsFile } from './environment.ts'
import { log } from './log.ts'

/** The composition root: settings → adapters → Server. Throws at start-up where this Lambda's environment is incomplete. */
export function composeServer(environment: Environment & NodeJS.ProcessEnv = process.env): Server {
  const folder = environment.LAMBDA_TASK_ROOT ?? import.meta.dirname
  const settings = parseSettings(JSON.parse(readFileSync(join(folder, settingsFile), 'utf8')))
  const baseUrl = settings.baseUrl ?? required(environment, 'API_URL')

  const {
    TABLE_NAME = '',
    KEY_RING_SECRET = '',
    MASTER_TOKEN_SECRET = '',
    STATIC_INITIAL_ACCESS_TOKEN_SECRET = '',
  } = environment
  const documents = documentClient()
  const ids = [KEY_RING_SECRET, MASTER_TOKEN_SECRET, STATIC_INITIAL_ACCESS_TOKEN_SECRET].filter(
    Boolean,
  )
  const secrets = cachedSecrets(readSecrets(secretsManagerClient(), ids))

  return {
    settings,
    issuer: settings.issuer ?? baseUrl,
    registrationEndpoint: `${baseUrl}${settings.registrationPath}`,
    clients: dynamodbClientStore(documents, TABLE_NAME),
    initialAccessTokens: dynamodbInitialAccessTokenStore(documents, TABLE_NAME),
    keyRing: keyRingSource(secrets, KEY_RING_SECRET),
    isMasterToken: secretCheck(secrets, MASTER_TOKEN_SECRET),
    isStaticInitialAccessToken: secretCheck(secrets, STATIC_INITIAL_ACCESS_TOKEN_SECRET),
    warn: log.warn,
  }
}
