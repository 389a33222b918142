import { generateKeyPairSync } from 'node:crypto'
import Provider from 'oidc-provider'
import { dynamodbAdapter } from './their-adapter.ts'

/**
 * oidc-provider with its defaults, with registration by stored initial access tokens and
 * registration management. A deployment would read its keys; an elliptic key takes no time to make.
 */
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

export const provider = new Provider('https://as.example', {
  adapter: dynamodbAdapter,
  cookies: { keys: ['a key of this comparison'] },
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', kid: '1' }] },
  clientDefaults: { id_token_signed_response_alg: 'ES256' },
  scopes: ['openid', 'offline_access', 'profile'],
  features: {
    devInteractions: { enabled: false },
    registration: { enabled: true, initialAccessToken: true },
    registrationManagement: { enabled: true },
  },
})
provider.proxy = true

/** Issues an initial access token, which oidc-provider never consumes. */
export const issueInitialAccessToken = (): Promise<string> =>
  new provider.InitialAccessToken({}).save()
