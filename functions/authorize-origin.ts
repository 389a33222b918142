import type {
  APIGatewayRequestAuthorizerEventV2,
  APIGatewaySimpleAuthorizerResult,
} from 'aws-lambda'
import { cachedSecrets } from '../lib/adapters/secrets-manager/cached-secrets.ts'
import { originKeyCheck } from '../lib/adapters/secrets-manager/origin-key-check.ts'
import { readSecrets, secretsManagerClient } from '../lib/adapters/secrets-manager/secrets.ts'
import { required } from './environment.ts'
import { log } from './log.ts'

const id = required(process.env, 'ORIGIN_KEYS_SECRET')
const secrets = cachedSecrets(readSecrets(secretsManagerClient(), [id]))
const isOriginKey = originKeyCheck(secrets, id)
// Load the keys during instance start-up. If that fails, the first request retries.
void secrets.current().catch(() => {})

/**
 * Lambda authorizer of every route when `settings.firewall` is enabled. A valid origin key proves
 * that the request came through CloudFront.
 */
export async function handler({
  identitySource: [key = ''] = [],
}: APIGatewayRequestAuthorizerEventV2): Promise<APIGatewaySimpleAuthorizerResult> {
  try {
    return { isAuthorized: await isOriginKey(key) }
  } catch (error) {
    log.fault('the origin keys cannot be read', error)
    throw error
  }
}
