import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Connector, PushedClient } from '../../functions/connectors/connector.ts'
import { keycloakConnector } from '../../functions/connectors/keycloak.ts'
import { keycloakId } from '../../functions/connectors/keycloak-client.ts'
import { specDefaults } from '../../lib/read/defaults.ts'
import type { KeycloakSettings } from '../../lib/settings/connector-settings.ts'
import { parseSettings } from '../../lib/settings/settings.ts'
import { outcomeOf } from '../support/clients.ts'
import { endsWithoutDrift } from './ends-without-drift.ts'
import { getsToken, type Realm } from './realm.ts'

/** The settings of a connector to this realm, with their defaults. */
function connectorSettings({ realm, clientId }: Realm, url: string): KeycloakSettings {
  const secretArn = 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:keycloak-AbCdEf'
  const connectors = [{ type: 'keycloak', url, realm, clientId, secretArn }] as const
  const [settings] = parseSettings({ connectors }).connectors
  if (settings?.type !== 'keycloak') throw new Error('the settings have no connector')
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
function pushed(metadata: object = {}, others: Partial<PushedClient> = {}): PushedClient {
  count += 1
  const client = { ...ordinary, client_id: `client ${count}/ü`, ...metadata }
  return { client, client_secret: secret, isActive: true, sequence: 1, ...others }
}

const withoutSecret = { client_secret: undefined }
const machine = { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] }

const variants: Readonly<Record<string, readonly [object, Partial<PushedClient>?]>> = {
  'a confidential client': [{}],
  'a public client': [{ token_endpoint_auth_method: 'none' }, withoutSecret],
  'a client for client credentials': [machine],
  'a disabled client whose secret has expired': [{}, { ...withoutSecret, isActive: false }],
  'a client with scopes': [{ scope: 'openid profile email' }],
  'a client with private keys': [
    {
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'a', y: 'b', kid: '1' }] },
    },
    withoutSecret,
  ],
  'a client with a key URL': [
    { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'https://client.example/jwks' },
    withoutSecret,
  ],
  'a client of every grant': [
    {
      grant_types: [
        ...['authorization_code', 'implicit', 'password', 'client_credentials', 'refresh_token'],
        ...['device_code', 'token-exchange'].map(
          (name) => `urn:ietf:params:oauth:grant-type:${name}`,
        ),
        'urn:openid:params:grant-type:ciba',
      ],
    },
  ],
  'a client with many members': [
    {
      client_name: 'ü'.repeat(300),
      client_uri: 'https://client.example',
      redirect_uris: [
        'https://client.example/b',
        'https://client.example/a',
        'com.example.app:/cb',
      ],
      post_logout_redirect_uris: ['https://client.example/out', 'https://client.example/out2'],
      backchannel_logout_uri: 'https://client.example/back',
      frontchannel_logout_uri: 'https://client.example/front',
      logo_uri: 'https://client.example/logo.png',
      policy_uri: 'https://client.example/policy',
      tos_uri: 'https://client.example/terms',
      dpop_bound_access_tokens: true,
      require_pushed_authorization_requests: true,
      require_signed_request_object: true,
      request_object_signing_alg: 'RS256',
      id_token_signed_response_alg: 'ES256',
      userinfo_signed_response_alg: 'RS256',
    },
  ],
}

/** What holds for the connector to Keycloak, whichever of the two answers it. */
export function describeKeycloak(name: string, start: () => Promise<Realm>, changes: number): void {
  let realm: Realm
  let connector: Connector
  const connect = (url: string, source: string) =>
    keycloakConnector(connectorSettings(realm, url), async () => realm.secret, source)

  beforeAll(async () => {
    realm = await start()
    connector = connect(realm.url, 'a-table')
  })
  afterAll(() => realm?.close())

  const listed = async (client_id: string, by = connector) => {
    for await (const client of by.list()) if (client.client_id === client_id) return client
    return undefined
  }

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
      for (const [metadata, others] of [...Object.values(variants), ...Object.values(variants)]) {
        const changed = { ...pushed(metadata, others) }
        const same = { ...changed, client: { ...changed.client, client_id: client.client_id } }
        await connector.push(same)
        expect((await listed(client.client_id))?.fingerprint).toBe(connector.fingerprint(same))
      }
      await connector.remove(client.client_id)
    })

    test('a client can use its credentials as soon as it is pushed, and not after it is disabled', async () => {
      const client = pushed({ ...machine, client_id: 'machine-1' })
      await connector.push(client)
      expect(await getsToken(realm, 'machine-1', secret)).toBe(true)
      expect(await getsToken(realm, 'machine-1', `${secret}x`)).toBe(false)
      await connector.push({ ...client, client_secret: `${secret}x` })
      expect(await getsToken(realm, 'machine-1', secret)).toBe(false)
      expect(await getsToken(realm, 'machine-1', `${secret}x`)).toBe(true)
      await connector.push({ ...client, isActive: false })
      expect(await getsToken(realm, 'machine-1', secret)).toBe(false)
      await connector.remove('machine-1')
    })

    test('a change by hand is noticed', async () => {
      const client = pushed()
      const { client_id } = client.client
      await connector.push(client)
      for (const change of [
        { redirectUris: ['https://evil.example/callback'] },
        { secret: 'another-secret-0000000000000000000000000' },
        { attributes: { 'pkce.code.challenge.method': 'plain' } },
        { fullScopeAllowed: true },
      ]) {
        await realm.changeByHand(keycloakId(client_id), change)
        expect((await listed(client_id))?.fingerprint).not.toBe(connector.fingerprint(client))
        await connector.push(client)
        expect((await listed(client_id))?.fingerprint).toBe(connector.fingerprint(client))
      }
      await connector.remove(client_id)
    })

    test('a client of somebody else is neither replaced nor listed nor removed', async () => {
      const client = pushed({ client_id: 'the-console' })
      const id = await realm.createByHand({
        clientId: 'the-console',
        name: 'Console',
        enabled: true,
      })
      await expect(connector.push(client)).rejects.toThrow('not from this service')
      await connector.remove('the-console')
      expect(await listed('the-console')).toBeUndefined()
      expect(await realm.get(id)).toMatchObject({ clientId: 'the-console', name: 'Console' })
    })

    test('a client of another service is not listed', async () => {
      const client = pushed()
      await connector.push(client)
      expect(await listed(client.client.client_id, connect(realm.url, 'b-table'))).toBeUndefined()
      await connector.remove(client.client.client_id)
    })

    test.each([
      [
        'a redirect URI that Keycloak reads as a pattern',
        { redirect_uris: ['https://a.example/*'] },
      ],
      [
        'a redirect URI that is too long',
        { redirect_uris: [`https://a.example/${'a'.repeat(255)}`] },
      ],
    ])('%s is rejected', async (_, metadata) => {
      const client = pushed(metadata)
      expect(await outcomeOf(connector.push(client))).toBe('invalid_redirect_uri')
      expect(await listed(client.client.client_id)).toBeUndefined()
    })

    test.each([
      ['a scope that the realm does not have', { scope: 'profile unheard-of' }],
      ['a logout URI that is a pattern', { post_logout_redirect_uris: ['https://a.example/*'] }],
      ['pairwise subjects', { subject_type: 'pairwise' }],
      ['an unknown authentication', { token_endpoint_auth_method: 'self_signed_tls_client_auth' }],
      ['a URL that is too long', { client_uri: `https://a.example/${'a'.repeat(255)}` }],
    ])('%s is rejected', async (_, metadata) => {
      const client = pushed(metadata)
      expect(await outcomeOf(connector.push(client))).toBe('invalid_client_metadata')
      expect(await listed(client.client.client_id)).toBeUndefined()
    })

    test('a wrong secret of the service account is read again, and then an error without it', async () => {
      const asked: boolean[] = []
      const wrong = keycloakConnector(
        connectorSettings(realm, realm.url),
        async (isRejected) => {
          asked.push(isRejected)
          return isRejected ? realm.secret : 'a-wrong-secret-0000000000000000'
        },
        'a-table',
      )
      const client = pushed()
      await wrong.push(client)
      expect(asked).toEqual([false, true])
      await wrong.remove(client.client.client_id)
      const rejected = keycloakConnector(
        connectorSettings(realm, realm.url),
        async () => 'a-wrong-secret-0000000000000000',
        'a-table',
      )
      await expect(rejected.push(client)).rejects.toThrow(
        /^keycloak \S+ test: no access token, status 40/,
      )
    })

    test(`${changes} random changes with crashes end without drift after one reconciliation`, async () => {
      await endsWithoutDrift(realm.url, connect, changes, (client_id, client_secret) =>
        getsToken(realm, client_id, client_secret),
      )
    })
  })
}
