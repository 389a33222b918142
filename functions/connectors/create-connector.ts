import type { CachedSecrets } from '../../lib/adapters/secrets-manager/cached-secrets.ts'
import type { ConnectorSettings } from '../../lib/settings/connector-settings.ts'
import { recordPoolUsage } from '../metrics.ts'
import { cognitoConnector } from './cognito.ts'
import type { Connector } from './connector.ts'
import { hydraConnector } from './hydra.ts'
import { type AdminSecret, keycloakConnector } from './keycloak.ts'

/** The connector that these settings name. `source` marks the clients of this service at the server. */
export function createConnector(
  settings: ConnectorSettings,
  secrets: CachedSecrets,
  source: string,
): Connector {
  switch (settings.type) {
    case 'keycloak':
      return keycloakConnector(settings, adminSecret(secrets, settings.secretArn), source)
    case 'hydra':
      return hydraConnector(settings, adminSecret(secrets, settings.secretArn), source)
    case 'cognito':
      return cognitoConnector(settings, { credentials, onUsage: recordPoolUsage }, source)
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

/** Lambda passes the credentials of its role in these variables. */
const credentials = () => ({
  accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? '',
  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? '',
  sessionToken: process.env.AWS_SESSION_TOKEN,
})
