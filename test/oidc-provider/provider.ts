import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb'
import Provider from 'oidc-provider'
import { createMemoryAdapter } from 'oidc-provider/lib/adapters/memory_adapter.js'
import {
  type RegisteredClientsOptions,
  verifySecretsByDigest,
  withRegisteredClients,
} from '../../lib/oidc-provider/index.ts'
import { meter } from '../bench/meter.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const jwks = { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'rsa' }] }

const configuration = {
  jwks,
  cookies: { keys: ['a-cookie-key-of-these-tests'] },
  scopes: ['openid', 'offline_access', 'profile'],
  clientAuthMethods: [
    'client_secret_basic',
    'client_secret_post',
    'client_secret_jwt',
    'private_key_jwt',
    'none',
  ],
  features: { clientCredentials: { enabled: true } },
  findAccount: (_: unknown, sub: string) => ({ accountId: sub, claims: () => ({ sub }) }),
}

type Options = Pick<RegisteredClientsOptions, 'keyRing'> & { readonly comparesDigests?: boolean }

/** A whole oidc-provider on loopback whose clients are those of the table of a service. */
export async function startProvider(
  tableName: string,
  { comparesDigests = true, ...options }: Options = {},
) {
  const documents = DynamoDBDocument.from(new DynamoDBClient({ endpoint: embeddedDynamodb }))
  const measure = meter(documents)
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const errors: string[] = []
  const provider = new Provider(issuer, {
    ...configuration,
    adapter: withRegisteredClients(createMemoryAdapter(), { documents, tableName, ...options }),
  })
  if (comparesDigests) verifySecretsByDigest(provider)
  provider.on('server_error', (_, { message }) => errors.push(message))
  server.on('request', provider.callback())

  async function close() {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    documents.destroy()
  }

  return { issuer, provider, errors, measure, close }
}
