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
// Begun while the instance starts; what fails is tried again by the first request.
void secrets.current().catch(() => {})

/** Before every route of a stage with a firewall: who shows an origin key came through CloudFront. */
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
