import { onRegistered } from '#extensions/on-registered'
import { cachedSecrets } from '../../lib/adapters/secrets-manager/cached-secrets.ts'
import { readSecrets, secretsManagerClient } from '../../lib/adapters/secrets-manager/secrets.ts'
import type { RegistrationHook } from '../../lib/ports/registration-hook.ts'
import type { Settings } from '../../lib/settings/schema.ts'
import { createConnector } from './create-connector.ts'
import { composeHooks, connectorHook } from './registration-hook.ts'

/**
 * Everything that is notified of a new client before its registration is answered: the synchronous
 * connectors, and the deploying team's extension. Undefined if there is nothing.
 */
export function composeHook(
  { connectors }: Settings,
  tableName: string,
): RegistrationHook | undefined {
  const synchronous = connectors.filter((connector) => connector.synchronous)
  const ids = synchronous.map(({ secretArn }) => secretArn)
  const secrets = cachedSecrets(readSecrets(secretsManagerClient(), ids))
  // Loaded at start-up; if that fails, the first request tries again.
  if (ids.length > 0) void secrets.current().catch(() => {})
  return composeHooks([
    ...synchronous.map((settings) => connectorHook(createConnector(settings, secrets, tableName))),
    ...(onRegistered === undefined ? [] : [onRegistered]),
  ])
}
