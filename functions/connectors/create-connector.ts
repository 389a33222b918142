import type { CachedSecrets } from '../../lib/adapters/secrets-manager/cached-secrets.ts'
import type { ConnectorSettings } from '../../lib/settings/connector-settings.ts'
import type { Connector } from './connector.ts'
import { hydraConnector } from './hydra.ts'
import { type AdminSecret, keycloakConnector } from './keycloak.ts'

/** The connector that these settings name. `source` marks the clients of this service at the server. */
export function createConnector(
  settings: ConnectorSettings,
  secrets: CachedSecrets,
  source: string,
): Connector {
  const secret = adminSecret(secrets, settings.secretArn)
  switch (settings.type) {
    case 'keycloak':
      return keycloakConnector(settings, secret, source)
    case 'hydra':
      return hydraConnector(settings, secret, source)
  }
}

/** The value of a secret, read again if the server rejected the one before. */
const adminSecret =
  (secrets: CachedSecrets, id: string): AdminSecret =>
  async (isRejected) => {
    const value = (await (isRejected ? secrets.refreshed() : secrets.current())).get(id)
    if (value === undefined) throw new Error('the secret of a connector cannot be read')
    return value
  }
