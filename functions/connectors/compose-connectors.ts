import { dynamodbClientStore } from '../../lib/adapters/dynamodb/client-store.ts'
import { clientWalk } from '../../lib/adapters/dynamodb/client-walk.ts'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { cachedSecrets } from '../../lib/adapters/secrets-manager/cached-secrets.ts'
import { keyRingSource } from '../../lib/adapters/secrets-manager/key-ring-source.ts'
import { readSecrets, secretsManagerClient } from '../../lib/adapters/secrets-manager/secrets.ts'
import { decryptPushedClient } from '../../lib/pushed-client.ts'
import { currentTime } from '../../lib/read/active-client.ts'
import { connectorSecrets } from '../../lib/settings/connector-settings.ts'
import { readSettings } from '../config.ts'
import { required } from '../environment.ts'
import { createConnector } from './create-connector.ts'
import type { ReadClient } from './sync-client.ts'

/**
 * What the Lambdas that push clients need: the connectors of the settings, and the clients with
 * their secrets. Throws an Error at start-up if a variable is not set.
 */
export function composeConnectors() {
  const { connectors } = readSettings()
  const tableName = required(process.env, 'TABLE_NAME')
  const ring = required(process.env, 'CLIENT_SECRET_KEY_RING_SECRET')
  const ringBefore = required(process.env, 'KEY_RING_SECRET')
  const others = connectorSecrets(connectors).map(({ secretArn }) => secretArn)
  const ids = [ring, ringBefore, ...others]
  const secrets = cachedSecrets(readSecrets(secretsManagerClient(), ids))
  const keyRings = {
    clientSecretKeyRing: keyRingSource(secrets, ring),
    keyRing: keyRingSource(secrets, ringBefore),
  }
  const documents = documentClient()
  const clients = dynamodbClientStore(documents, tableName)
  const read: ReadClient = async (client_id) => {
    const client = await clients.find(client_id)
    return client && decryptPushedClient(client, keyRings, currentTime())
  }
  return {
    connectors: connectors.map((settings) => createConnector(settings, secrets, tableName)),
    read,
    walk: clientWalk(documents, tableName),
  }
}
