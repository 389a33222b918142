import { clientId } from '#extensions/client-id'
import { clientSecret } from '#extensions/client-secret'
import { policies } from '#extensions/policies'
import { dynamodbClientAdminStore } from '../lib/adapters/dynamodb/client-admin-store.ts'
import { dynamodbClientLifecycleStore } from '../lib/adapters/dynamodb/client-lifecycle-store.ts'
import { dynamodbClientStore } from '../lib/adapters/dynamodb/client-store.ts'
import { dynamodbClientUseStore } from '../lib/adapters/dynamodb/client-use-store.ts'
import { dynamodbDisableJobStore } from '../lib/adapters/dynamodb/disable-job-store.ts'
import { documentClient } from '../lib/adapters/dynamodb/document-client.ts'
import { dynamodbInitialAccessTokenStore } from '../lib/adapters/dynamodb/initial-access-token-store.ts'
import { openConnection } from '../lib/adapters/dynamodb/open-connection.ts'
import { dynamodbPendingRegistrationStore } from '../lib/adapters/dynamodb/pending-registration-store.ts'
import type { RoundTrip } from '../lib/adapters/dynamodb/round-trips.ts'
import { createJsonFetcher } from '../lib/adapters/https/fetch-document.ts'
import { withHostCooldown } from '../lib/adapters/https/host-cooldown.ts'
import { cachedSecrets } from '../lib/adapters/secrets-manager/cached-secrets.ts'
import { keyRingSource } from '../lib/adapters/secrets-manager/key-ring-source.ts'
import { secretCheck } from '../lib/adapters/secrets-manager/secret-check.ts'
import { readSecrets, secretsManagerClient } from '../lib/adapters/secrets-manager/secrets.ts'
import { trust } from '../lib/jwt/trust.ts'
import { composePolicies } from '../lib/policy/compose-policies.ts'
import type { Server } from '../lib/server.ts'
import { validateClientId, validateClientSecret } from '../lib/tokens/validate-generated.ts'
import { composeConfig } from './config.ts'
import { type Environment, required, type SecretVariable } from './environment.ts'
import { log } from './log.ts'
import { annotate, checkUnanswered, countRoundTrip } from './request-context.ts'

/**
 * The composition root: builds the adapters from the settings, and the `Server` from the adapters.
 * `secretVariables` name the secrets that this Lambda needs. Throws an Error at start-up if one of
 * them, the table or the URL is not set.
 */
export function composeServer(
  secretVariables: readonly SecretVariable[],
  environment: Environment & NodeJS.ProcessEnv = process.env,
): Server {
  const config = composeConfig(environment)
  const { settings } = config
  const TABLE_NAME = required(environment, 'TABLE_NAME')
  for (const variable of secretVariables)
    if (variable !== 'STATIC_INITIAL_ACCESS_TOKEN_SECRET' || settings.initialAccessToken.static)
      required(environment, variable)
  const {
    KEY_RING_SECRET = '',
    CLIENT_SECRET_KEY_RING_SECRET = '',
    MASTER_TOKEN_SECRET = '',
    STATIC_INITIAL_ACCESS_TOKEN_SECRET = '',
  } = environment
  const logRoundTrip = (roundTrip: RoundTrip) => {
    countRoundTrip(roundTrip)
    log.debug('dynamodb', roundTrip)
  }
  const documents = documentClient({}, logRoundTrip, checkUnanswered)
  const ids = [
    KEY_RING_SECRET,
    CLIENT_SECRET_KEY_RING_SECRET,
    MASTER_TOKEN_SECRET,
    STATIC_INITIAL_ACCESS_TOKEN_SECRET,
  ].filter(Boolean)
  const readDocument = createJsonFetcher({ ports: settings.metadata.documentPorts })
  const secrets = cachedSecrets(readSecrets(secretsManagerClient(), ids))
  // Load the secrets and open the connection during instance start-up, so that the first request
  // does not wait for them. If either fails, the first request retries.
  void secrets.current().catch(() => {})
  void openConnection(documents)

  return {
    ...config,
    clients: dynamodbClientStore(documents, TABLE_NAME, settings.findClientsBy),
    clientAdmin: dynamodbClientAdminStore(documents, TABLE_NAME),
    clientUse: dynamodbClientUseStore(documents, TABLE_NAME),
    clientLifecycle: dynamodbClientLifecycleStore(documents, TABLE_NAME),
    disableJobs: dynamodbDisableJobStore(documents, TABLE_NAME),
    initialAccessTokens: dynamodbInitialAccessTokenStore(documents, TABLE_NAME),
    pendingRegistrations: dynamodbPendingRegistrationStore(documents, TABLE_NAME),
    keyRing: keyRingSource(secrets, KEY_RING_SECRET),
    clientSecretKeyRing: keyRingSource(secrets, CLIENT_SECRET_KEY_RING_SECRET),
    fetchJson: withHostCooldown(readDocument),
    // Key fetches have their own cooldown instead of the one per host: many key sets can share a
    // host, and a failing document of one client must not block them.
    trust: trust(settings, readDocument),
    policies: composePolicies(settings, policies),
    generators: {
      clientId: async () => validateClientId(await clientId()),
      clientSecret: async () =>
        validateClientSecret(
          await clientSecret(settings.clientSecret.bytes, settings.clientSecret.alphabet),
        ),
    },
    isMasterToken: secretCheck(secrets, MASTER_TOKEN_SECRET),
    isStaticInitialAccessToken: secretCheck(secrets, STATIC_INITIAL_ACCESS_TOKEN_SECRET),
    annotate,
    warn: log.warn,
  }
}
