import { onRegistered } from '#extensions/on-registered'
import { cachedSecrets } from '../../lib/adapters/secrets-manager/cached-secrets.ts'
import { readSecrets, secretsManagerClient } from '../../lib/adapters/secrets-manager/secrets.ts'
import type { Server } from '../../lib/server.ts'
import { connectorSecrets } from '../../lib/settings/connector-settings.ts'
import { createConnector } from './create-connector.ts'
import { composeHooks, connectorHook } from './registration-hook.ts'

/**
 * Adds what a registration needs of the connectors: everything that is notified of a new client
 * before its registration is answered (the synchronous connectors, and the deploying team's
 * extension), and the identifiers of a server that chooses them.
 */
export function withConnectors(server: Server, tableName: string): Server {
  const synchronous = server.settings.connectors.filter((connector) => connector.synchronous)
  const ids = connectorSecrets(synchronous).map(({ secretArn }) => secretArn)
  const secrets = cachedSecrets(readSecrets(secretsManagerClient(), ids))
  // Loaded at start-up; if that fails, the first request tries again.
  if (ids.length > 0) void secrets.current().catch(() => {})
  const connectors = synchronous.map((settings) => createConnector(settings, secrets, tableName))
  const { generators } = server
  const clientId = connectors.find(({ createClientId }) => createClientId)?.createClientId
  return {
    ...server,
    generators: { ...generators, clientId: clientId ?? generators.clientId },
    onRegistered: composeHooks([
      ...connectors.map(connectorHook),
      ...(onRegistered === undefined ? [] : [onRegistered]),
    ]),
  }
}
