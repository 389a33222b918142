import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Connector, PushedClient } from '../../functions/connectors/connector.ts'
import { hydraConnector } from '../../functions/connectors/hydra.ts'
import { specDefaults } from '../../lib/read/defaults.ts'
import type { HydraSettings } from '../../lib/settings/connector-settings.ts'
import { parseSettings } from '../../lib/settings/settings.ts'
import { outcomeOf } from '../support/clients.ts'
import { endsWithoutDrift } from './ends-without-drift.ts'
import { administer, clientCredentialsToken, type HydraServer } from './hydra-api.ts'

/** The settings of a connector to this server, with their defaults. */
export function connectorSettings(url: string): HydraSettings {
  const secretArn = 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:hydra-AbCdEf'
  const connectors = [{ type: 'hydra', url, secretArn }] as const
  const [settings] = parseSettings({ connectors }).connectors
  if (settings?.type !== 'hydra') throw new Error('the settings have no connector')
  return settings
}

const secret = 'a-client-secret-of-these-tests-00000001'

const ordinary = {
  ...specDefaults,
  client_id_issued_at: 1,
  client_name: 'An ordinary client',
  token_endpoint_auth_method: 'client_secret_basic',
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  application_type: 'web',
  redirect_uris: ['https://client.example/callback'],
} as const

let count = 0

/** A client that no other test pushes. */
export function pushed(metadata: object = {}, others: Partial<PushedClient> = {}): PushedClient {
  count += 1
  const client = { ...ordinary, client_id: `client+${count}!ü`, ...metadata }
  return { client, client_secret: secret, isActive: true, sequence: 1, ...others }
}

const withoutSecret = { client_secret: undefined }
const machine = { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] }

const jwk = (pair: { readonly publicKey: KeyObject }) => pair.publicKey.export({ format: 'jwk' })

const keys = [
  {
    ...jwk(generateKeyPairSync('ec', { namedCurve: 'P-256' })),
    ...{ kid: '1', use: 'sig', alg: 'ES256' },
  },
  { ...jwk(generateKeyPairSync('ec', { namedCurve: 'P-521' })), kid: '2' },
  { ...jwk(generateKeyPairSync('rsa', { modulusLength: 2048 })), kid: '3', key_ops: ['verify'] },
  { ...jwk(generateKeyPairSync('ed25519')), kid: '4' },
]

const unknownKey = jwk(generateKeyPairSync('x25519'))

const variants: Readonly<Record<string, readonly [object, Partial<PushedClient>?]>> = {
  'a confidential client': [{}],
  'a public client': [{ token_endpoint_auth_method: 'none' }, withoutSecret],
  'a client for client credentials': [machine],
  'a client without a grant': [{ grant_types: [], response_types: [], redirect_uris: [] }],
  'a disabled client whose secret has expired': [{}, { ...withoutSecret, isActive: false }],
  'a client with scopes': [{ scope: 'openid profile email' }],
  'a client with private keys': [
    { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys } },
    withoutSecret,
  ],
  'a client with a key URL': [
    { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'https://client.example/jwks' },
    withoutSecret,
  ],
  'a client with many members': [
    {
      client_name: 'ü'.repeat(300),
      client_uri: 'https://client.example',
      contacts: ['b@client.example', 'a@client.example'],
      redirect_uris: [
        ...['https://client.example/b', 'https://client.example/a', 'http://[::1]/callback'],
        'com.example.app:/callback',
      ],
      post_logout_redirect_uris: ['https://client.example/out', 'com.example.app:/out'],
      backchannel_logout_uri: 'https://client.example/back',
      backchannel_logout_session_required: true,
      frontchannel_logout_uri: 'https://client.example/front',
      logo_uri: 'https://client.example/logo.png',
      policy_uri: 'https://client.example/policy',
      tos_uri: 'https://client.example/terms',
      request_uris: ['https://client.example/request.jwt'],
      request_object_signing_alg: 'RS256',
      userinfo_signed_response_alg: 'RS256',
      token_endpoint_auth_signing_alg: 'ES256',
    },
  ],
}

/** What holds for the connector to Ory Hydra, whichever of the two answers it. */
export function describeHydra(
  name: string,
  start: () => Promise<HydraServer>,
  changes: number,
): void {
  let server: HydraServer
  let connector: Connector
  const connect = (url: string, source: string) =>
    hydraConnector(connectorSettings(url), async () => server.secret, source)

  beforeAll(async () => {
    server = await start()
    connector = connect(server.url, 'a-table')
    // The first start builds it.
  }, 3_600_000)
  afterAll(() => server?.close())

  const listed = async (client_id: string, by = connector) => {
    for await (const client of by.list()) if (client.client_id === client_id) return client
    return undefined
  }
  const getsToken = async (client_id: string, client_secret: string) =>
    (await clientCredentialsToken(server, client_id, client_secret)) !== undefined

  describe(`the connector to ${name}`, () => {
    test.each(Object.entries(variants))('%s is listed as it was pushed', async (_, variant) => {
      const client = pushed(...variant)
      const { client_id } = client.client
      await connector.push(client)
      const before = await listed(client_id)
      expect(before?.fingerprint).toBe(connector.fingerprint(client))
      expect(before?.pushed_at).toBeGreaterThan(Date.now() / 1000 - 60)
      await connector.push(client)
      expect((await listed(client_id))?.fingerprint).toBe(before?.fingerprint)
      await connector.remove(client_id)
      expect(await listed(client_id)).toBeUndefined()
      await connector.remove(client_id)
    })

    test('a client is listed as it was changed, whatever it was before', async () => {
      const { client } = pushed()
      for (const variant of [...Object.values(variants), ...Object.values(variants)]) {
        const changed = pushed(...variant)
        const same = { ...changed, client: { ...changed.client, client_id: client.client_id } }
        await connector.push(same)
        expect((await listed(client.client_id))?.fingerprint).toBe(connector.fingerprint(same))
      }
      await connector.remove(client.client_id)
    })

    test('clients of more than one page are listed, each once', async () => {
      const other = connect(server.url, 'a-table-of-many')
      const ids = Array.from({ length: 205 }, (_, index) => `many-${index}`)
      for (const client_id of ids)
        await other.push(pushed({ client_id, token_endpoint_auth_method: 'none' }, withoutSecret))
      const found: string[] = []
      for await (const { client_id } of other.list()) found.push(client_id)
      expect(found.sort()).toEqual([...ids].sort())
      for (const client_id of ids) await other.remove(client_id)
    })

    test('clients that are pushed at the same time are all stored', async () => {
      const clients = Array.from({ length: 8 }, () => pushed())
      for (let round = 0; round < 5; round += 1)
        await Promise.all(clients.map((client) => connector.push(client)))
      for (const client of clients) {
        const { client_id } = client.client
        expect((await listed(client_id))?.fingerprint).toBe(connector.fingerprint(client))
        await connector.remove(client_id)
      }
    })

    test('a client can use its credentials as soon as it is pushed', async () => {
      const client = pushed({ ...machine, client_id: 'machine-1' })
      await connector.push(client)
      expect(await getsToken('machine-1', secret)).toBe(true)
      expect(await getsToken('machine-1', `${secret}x`)).toBe(false)
      await connector.push({ ...client, client_secret: `${secret}x` })
      expect(await getsToken('machine-1', secret)).toBe(false)
      expect(await getsToken('machine-1', `${secret}x`)).toBe(true)
      await connector.remove('machine-1')
      expect(await getsToken('machine-1', `${secret}x`)).toBe(false)
    })

    test('a disabled client gets no token, and loses its access tokens, until it is enabled', async () => {
      const client = pushed({ ...machine, client_id: 'machine-2' })
      await connector.push(client)
      const token = (await clientCredentialsToken(server, 'machine-2', secret)) ?? ''
      const isActive = async () => {
        const response = await fetch(`${server.url}/admin/oauth2/introspect`, {
          method: 'POST',
          headers: { authorization: `Bearer ${server.secret}` },
          body: new URLSearchParams({ token }),
        })
        return ((await response.json()) as { active: boolean }).active
      }
      expect(await isActive()).toBe(true)
      await connector.push({ ...client, isActive: false })
      expect(await isActive()).toBe(false)
      expect(await getsToken('machine-2', secret)).toBe(false)
      await connector.push(client)
      expect(await getsToken('machine-2', secret)).toBe(true)
      await connector.remove('machine-2')
    })

    test('a change by hand is noticed', async () => {
      const client = pushed()
      const { client_id } = client.client
      await connector.push(client)
      const path = `/clients/${encodeURIComponent(client_id)}`
      for (const change of [
        { redirect_uris: ['https://evil.example/callback'] },
        { skip_consent: true },
        { scope: '*' },
        { grant_types: null },
        { audience: ['https://api.example'] },
        { jwks: { keys: [keys[0]] } },
      ]) {
        const { body } = await administer(server, 'GET', path)
        const { status } = await administer(server, 'PUT', path, { ...(body as object), ...change })
        expect(status).toBe(200)
        expect((await listed(client_id))?.fingerprint).not.toBe(connector.fingerprint(client))
        await connector.push(client)
        expect((await listed(client_id))?.fingerprint).toBe(connector.fingerprint(client))
      }
      await connector.remove(client_id)
    })

    test('a secret that was changed here is noticed, though Hydra returns none', async () => {
      const client = pushed()
      const renewed = { ...client, client_secret: `${secret}x` }
      await connector.push(client)
      const before = await listed(client.client.client_id)
      expect(before?.fingerprint).not.toBe(connector.fingerprint(renewed))
      await connector.remove(client.client.client_id)
    })

    test('a client of somebody else is neither replaced nor listed nor removed', async () => {
      const theirs = { client_id: 'the-console', client_name: 'Console', owner: 'a-table' }
      await administer(server, 'POST', '/clients', theirs)
      const client = pushed({ client_id: 'the-console' })
      await expect(connector.push(client)).rejects.toThrow('not from this service')
      await connector.remove('the-console')
      expect(await listed('the-console')).toBeUndefined()
      const { body } = await administer(server, 'GET', '/clients/the-console')
      expect(body).toMatchObject(theirs)
      await administer(server, 'DELETE', '/clients/the-console')
    })

    test('a client of another service is neither replaced nor listed nor removed', async () => {
      const client = pushed()
      const { client_id } = client.client
      const other = connect(server.url, 'b-table')
      await connector.push(client)
      await expect(other.push(client)).rejects.toThrow('not from this service')
      await other.remove(client_id)
      expect(await listed(client_id, other)).toBeUndefined()
      expect(await listed(client_id)).toBeDefined()
      await connector.remove(client_id)
    })

    test.each([
      ['a key of a curve that Hydra does not know', { jwks: { keys: [unknownKey] } }],
      ['a scope that matches others', { scope: 'profile *' }],
      ['an unknown authentication', { token_endpoint_auth_method: 'client_secret_jwt' }],
      ['a userinfo algorithm other than RS256', { userinfo_signed_response_alg: 'ES256' }],
      ['tokens bound to a DPoP key', { dpop_bound_access_tokens: true }],
      ['tokens bound to a certificate', { tls_client_certificate_bound_access_tokens: true }],
      ['required pushed requests', { require_pushed_authorization_requests: true }],
      ['required signed requests', { require_signed_request_object: true }],
      ['encrypted ID tokens', { id_token_encrypted_response_alg: 'RSA-OAEP' }],
      ['pairwise subjects, which this server does not have', { subject_type: 'pairwise' }],
      ['a logout URI of another host', { post_logout_redirect_uris: ['https://other.example/'] }],
      [
        'a logout URI of another port',
        { post_logout_redirect_uris: ['https://client.example:1/'] },
      ],
    ])('%s is rejected', async (_, metadata) => {
      const client = pushed(metadata)
      expect(await outcomeOf(connector.push(client))).toBe('invalid_client_metadata')
      expect(await listed(client.client.client_id)).toBeUndefined()
    })

    test('a redirect URI that Hydra does not accept is rejected as such', async () => {
      const client = pushed({ redirect_uris: ['https://client.example/#fragment'] })
      expect(await outcomeOf(connector.push(client))).toBe('invalid_redirect_uri')
      expect(await listed(client.client.client_id)).toBeUndefined()
    })

    test('a rejected token of the administration API is read again, and then an error without it', async () => {
      const wrong = 'a-wrong-token-0000000000000000'
      const asked: boolean[] = []
      const renewing = hydraConnector(
        connectorSettings(server.url),
        async (isRejected) => {
          asked.push(isRejected)
          return isRejected ? server.secret : wrong
        },
        'a-table',
      )
      const client = pushed()
      await renewing.push(client)
      expect(asked).toEqual([false, true])
      await connector.remove(client.client.client_id)
      const rejected = hydraConnector(connectorSettings(server.url), async () => wrong, 'a-table')
      await expect(rejected.push(client)).rejects.toThrow(
        /^hydra 127\.0\.0\.1:\d+: POST clients: status 401$/,
      )
    })

    test(`${changes} random changes with crashes end without drift after one reconciliation`, async () => {
      await endsWithoutDrift(server.url, connect, changes, getsToken)
    })
  })
}
