import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { createServer } from 'node:https'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb'
import Provider from 'oidc-provider'
import { createMemoryAdapter } from 'oidc-provider/lib/adapters/memory_adapter.js'
import { startService } from '../../cdk/local/service.ts'
import { verifySecretsByDigest, withRegisteredClients } from '../../lib/oidc-provider/index.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { forward } from './forward.ts'
import { listen } from './listen.ts'

const responseTypes = ['code', 'id_token', 'id_token token', 'code id_token']
const scopes = ['openid', 'offline_access', 'profile', 'email', 'address', 'phone']
const subjectTypes: ('public' | 'pairwise')[] = ['public', 'pairwise']
const clientAuthMethods = ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none']
const signingAlgs: ('RS256' | 'PS256' | 'ES256')[] = ['RS256', 'PS256', 'ES256']

/** Anyone may register, and documents are fetched: the suite has no initial access token. */
const settings = (issuer: string): SettingsInput => ({
  profile: 'oidc-provider',
  registration: 'dynamic',
  issuer,
  baseUrl: issuer,
  anonymous: { fetchDocuments: true },
  metadata: {
    grantTypes: ['authorization_code', 'implicit', 'refresh_token'],
    responseTypes,
    scopes,
    subjectTypes,
    tokenEndpointAuthMethods: clientAuthMethods,
    tokenEndpointAuthSigningAlgs: signingAlgs,
    idTokenSigningAlgs: signingAlgs,
    userinfoSigningAlgs: signingAlgs,
    requestObjectSigningAlgs: signingAlgs,
  },
})

const configuration = (issuer: string) => ({
  cookies: { keys: [randomUUID()] },
  responseTypes,
  scopes,
  subjectTypes,
  clientAuthMethods,
  pairwiseIdentifier: (_: unknown, accountId: string, { sectorIdentifier }: Sector) =>
    `${sectorIdentifier}|${accountId}`,
  enabledJWA: {
    clientAuthSigningAlgValues: signingAlgs,
    idTokenSigningAlgValues: signingAlgs,
    userinfoSigningAlgValues: signingAlgs,
    requestObjectSigningAlgValues: signingAlgs,
  },
  // The suite's clients of OpenID Connect Core send no code challenge.
  pkce: { required: () => false },
  features: {
    jwtUserinfo: { enabled: true },
    requestObjects: { enabled: true },
  },
  discovery: { registration_endpoint: `${issuer}/register` },
  claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
  findAccount: (_: unknown, sub: string) => ({
    accountId: sub,
    claims: () => ({ sub, name: 'Alice', email: 'alice@client.example', email_verified: true }),
  }),
})

type Sector = { readonly sectorIdentifier: string }

const generateKeys = () =>
  [
    ...[generateKeyPairSync('rsa', { modulusLength: 2048 })],
    ...[generateKeyPairSync('ec', { namedCurve: 'P-256' })],
  ].map(({ privateKey }) => ({ ...privateKey.export({ format: 'jwk' }), kid: randomUUID() }))

export type AuthorizationServer = {
  readonly issuer: string
  /** Lines of the registration service's log. */
  readonly log: readonly string[]
  /** Replaces the signing keys; the previous ones are still published. */
  rotateKeys(): void
  close(): Promise<void>
}

type Options = {
  readonly issuer: URL
  readonly tls: { readonly key: string; readonly cert: string }
}

/** oidc-provider whose clients are registered by the service, both at one issuer. */
export async function startAuthorizationServer({
  issuer: url,
  tls,
}: Options): Promise<AuthorizationServer> {
  const issuer = url.origin
  const log: string[] = []
  const service = await startService({ settings: settings(issuer), log: (line) => log.push(line) })
  const documents = DynamoDBDocument.from(
    new DynamoDBClient({
      endpoint: service.dynamodbEndpoint,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    }),
  )
  const { tableName } = service
  const adapter = withRegisteredClients(createMemoryAdapter(), { documents, tableName })
  const base = configuration(issuer)
  let keys = generateKeys()

  function compose() {
    const provider = new Provider(issuer, { ...base, jwks: { keys }, adapter })
    verifySecretsByDigest(provider)
    provider.on('server_error', (_, error) => log.push(`oidc-provider: ${error.stack}`))
    return provider.callback()
  }

  let respond = compose()
  const server = createServer(tls, (incoming, outgoing) => {
    if (/^\/register(\/|$)/.test(incoming.url ?? '')) forward(service.url, { incoming, outgoing })
    else respond(incoming, outgoing)
  })
  await listen(server, Number(url.port), url.hostname)

  return {
    issuer,
    log,
    rotateKeys() {
      keys = [...generateKeys(), ...keys]
      respond = compose()
    },
    async close() {
      server.closeAllConnections()
      server.close()
      documents.destroy()
      await service.close()
    },
  }
}
