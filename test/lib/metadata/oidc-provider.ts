import { generateKeyPairSync } from 'node:crypto'
import Provider from 'oidc-provider'
import { needsClientSecret } from '../../../lib/client.ts'
import type { ClientMetadata } from '../../../lib/metadata/client-metadata.ts'
import {
  contentEncryption,
  hmacs,
  publicKeyEncryption,
  secretKeyEncryption,
  signatures,
} from '../../../lib/metadata/rules/algorithms.ts'

type Json = Readonly<Record<string, unknown>>

const use = (name: string) => [
  [`${name}SigningAlgValues`, [...signatures, ...hmacs]],
  [`${name}EncryptionAlgValues`, [...publicKeyEncryption, ...secretKeyEncryption]],
  [`${name}EncryptionEncValues`, contentEncryption],
]

/** It supports the algorithms that it has keys for. */
const keys = [
  generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ...['P-256', 'P-384', 'P-521'].map((namedCurve) => generateKeyPairSync('ec', { namedCurve })),
  generateKeyPairSync('ed25519'),
].map(({ privateKey }, index) => ({ ...privateKey.export({ format: 'jwk' }), kid: `${index}` }))

/** Every feature of the server that has members of client metadata, and the values that a deployment lists itself. */
const configuration = {
  jwks: { keys },
  subjectTypes: ['public', 'pairwise'],
  pairwiseIdentifier: () => 'subject',
  responseTypes: ['code', 'id_token', 'code id_token', 'none'],
  clientAuthMethods: [
    'client_secret_basic',
    'client_secret_post',
    'client_secret_jwt',
    'private_key_jwt',
    'tls_client_auth',
    'self_signed_tls_client_auth',
    'none',
  ],
  enabledJWA: {
    ...Object.fromEntries(
      ['idToken', 'userinfo', 'introspection', 'authorization', 'requestObject'].flatMap(use),
    ),
    clientAuthSigningAlgValues: [...signatures, ...hmacs],
  },
  features: {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: true },
    ciba: { enabled: true, deliveryModes: ['poll', 'ping'] },
    clientCredentials: { enabled: true },
    deviceFlow: { enabled: true },
    dPoP: { enabled: true },
    encryption: { enabled: true },
    introspection: { enabled: true },
    jwtIntrospection: { enabled: true },
    jwtResponseModes: { enabled: true },
    jwtUserinfo: { enabled: true },
    mTLS: {
      enabled: true,
      certificateBoundAccessTokens: true,
      selfSignedTlsClientAuth: true,
      tlsClientAuth: true,
    },
    pushedAuthorizationRequests: { enabled: true },
    requestObjects: { enabled: true },
    richAuthorizationRequests: {
      enabled: true,
      types: { payment_initiation: { validate: () => {} } },
    },
    rpInitiatedLogout: { enabled: true },
  },
}

/** The documents that this service has checked where a client is pairwise. */
const sectorDocument = ({ redirect_uris = [], jwks_uri }: ClientMetadata) =>
  Response.json([...redirect_uris, jwks_uri].filter((uri) => uri !== undefined))

/**
 * Loads a registration as oidc-provider loads a client that it finds in its storage; resolves to what it knows of it.
 * Rejects where it cannot be loaded.
 */
export async function loadByOidcProvider(metadata: ClientMetadata): Promise<Json> {
  const client = {
    client_id: 'client',
    ...(needsClientSecret(metadata) && { client_secret: 'secret'.repeat(8) }),
    ...metadata,
  }
  const provider = new Provider('https://as.example', {
    ...configuration,
    scopes: ['openid', 'offline_access', ...(metadata.scope?.split(' ') ?? [])],
    fetch: async () => sectorDocument(metadata),
    adapter: class {
      async find() {
        return client
      }
    },
  })
  const found = await provider.Client.find('client')
  return found?.metadata() ?? {}
}
