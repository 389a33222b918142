import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { cognitoConnector } from '../../functions/connectors/cognito.ts'
import type { Connector, PushedClient } from '../../functions/connectors/connector.ts'
import { specDefaults } from '../../lib/read/defaults.ts'
import type { CognitoSettings } from '../../lib/settings/connector-settings.ts'
import { parseSettings, type SettingsInput } from '../../lib/settings/settings.ts'
import { outcomeOf } from '../support/clients.ts'
import { type CognitoStub, startCognitoStub } from './cognito-stub.ts'
import { endsWithoutDrift } from './ends-without-drift.ts'

let cognito: CognitoStub
let connector: Connector
const usage: number[] = []

type Others = Partial<
  Extract<NonNullable<SettingsInput['connectors']>[number], { type: 'cognito' }>
>

function connectorSettings(endpoint: string, others: Others = {}): CognitoSettings {
  const { userPoolArn } = cognito
  const [settings] = parseSettings({
    clientSecret: { alphabet: 'alphanumeric', bytes: 47 },
    connectors: [{ type: 'cognito', userPoolArn, endpoint, ...others }],
  }).connectors
  if (settings?.type !== 'cognito') throw new Error('the settings have no connector')
  return settings
}

const ports = {
  credentials: () => ({ accessKeyId: 'local', secretAccessKey: 'local' }),
  onUsage: (percent: number) => usage.push(percent),
}

const connect = (endpoint: string, source: string, others: Others = {}, clock = Date.now) =>
  cognitoConnector(connectorSettings(endpoint, others), ports, source, clock)

beforeAll(async () => {
  cognito = await startCognitoStub()
  connector = connect(cognito.url, 'a-table')
})
beforeEach(() => {
  cognito.calls.length = 0
})
afterAll(() => cognito?.close())

const secret = 'aClientSecretOfTheseTests00000001'

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

const machine = {
  grant_types: ['client_credentials'],
  response_types: [],
  redirect_uris: [],
  scope: 'api/read',
}

/** A client whose identifier Cognito has chosen. */
async function reserved(
  metadata: object = {},
  others: Partial<PushedClient> = {},
  by = connector,
): Promise<PushedClient> {
  const client: PushedClient['client'] = { ...ordinary, client_id: '', ...metadata }
  const hasSecret = client.token_endpoint_auth_method !== 'none'
  const client_id = (await by.createClientId?.(hasSecret)) ?? ''
  return {
    client: { ...client, client_id },
    client_secret: hasSecret ? secret : undefined,
    isActive: true,
    sequence: 1,
    ...others,
  }
}

const listed = async (client_id: string, by = connector) => {
  for await (const client of by.list()) if (client.client_id === client_id) return client
  return undefined
}

async function getsToken(client_id: string, client_secret: string): Promise<boolean> {
  const authorization = `Basic ${btoa(`${client_id}:${client_secret}`)}`
  const url = `${cognito.url}/oauth2/token`
  const { status } = await fetch(url, { method: 'POST', headers: { authorization } })
  return status === 200
}

const membersOf = (client_id: string) => cognito.clients.get(client_id)?.members

const variants: Readonly<Record<string, readonly [object, Partial<PushedClient>?]>> = {
  'a confidential client': [{}],
  'a client for client credentials': [machine],
  'a client without a grant': [{ grant_types: [], response_types: [], redirect_uris: [] }],
  'a disabled client whose secret has expired': [{}, { client_secret: undefined, isActive: false }],
  'a client with scopes': [{ scope: 'openid profile api/write' }],
  'a client with many members': [
    {
      client_name: `Café <"${'ü'.repeat(200)}`,
      redirect_uris: ['https://client.example/b', 'http://127.0.0.1:33418/', 'com.example:/cb'],
      post_logout_redirect_uris: ['https://client.example/out'],
      token_endpoint_auth_method: 'client_secret_post',
    },
  ],
}

describe('the connector to a stub of Amazon Cognito', () => {
  test.each([
    ...Object.entries(variants),
    ['a public client', [{ token_endpoint_auth_method: 'none' }]] as const,
  ])('%s is listed as it was pushed', async (_, variant) => {
    const client = await reserved(...variant)
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
    const { client } = await reserved()
    const { client_id } = client
    for (const [metadata, others] of [...Object.values(variants), ...Object.values(variants)]) {
      const changed = { ...ordinary, ...metadata, client_id }
      const same = {
        client: changed,
        client_secret: secret,
        isActive: true,
        sequence: 1,
        ...others,
      }
      await connector.push(same)
      expect((await listed(client_id))?.fingerprint).toBe(connector.fingerprint(same))
    }
    await connector.remove(client_id)
  })

  test('an identifier that is reserved can do nothing', async () => {
    const { client } = await reserved(machine)
    expect(membersOf(client.client_id)).toMatchObject({
      AllowedOAuthFlowsUserPoolClient: false,
      AllowedOAuthFlows: [],
      CallbackURLs: [],
      ExplicitAuthFlows: ['ALLOW_CUSTOM_AUTH'],
    })
    const [generated] = cognito.clients.get(client.client_id)?.secrets ?? []
    expect(await getsToken(client.client_id, generated?.value ?? '')).toBe(false)
    await connector.remove(client.client_id)
  })

  test('a client has exactly its current secret, and no token while it is disabled', async () => {
    const client = await reserved(machine)
    const { client_id } = client.client
    const [generated] = cognito.clients.get(client_id)?.secrets ?? []
    await connector.push(client)
    expect(await getsToken(client_id, secret)).toBe(true)
    expect(await getsToken(client_id, generated?.value ?? '')).toBe(false)
    await connector.push({ ...client, client_secret: `${secret}x` })
    expect(await getsToken(client_id, secret)).toBe(false)
    expect(await getsToken(client_id, `${secret}x`)).toBe(true)
    await connector.push({ ...client, client_secret: `${secret}x`, isActive: false })
    expect(await getsToken(client_id, `${secret}x`)).toBe(false)
    await connector.push(client)
    expect(await getsToken(client_id, secret)).toBe(true)
    await connector.remove(client_id)
  })

  test('an unchanged secret is not replaced by a push', async () => {
    const client = await reserved()
    await connector.push(client)
    cognito.calls.length = 0
    await connector.push({ ...client, client: { ...client.client, client_name: 'Another' } })
    expect(cognito.calls).toEqual(['DescribeUserPoolClient', 'UpdateUserPoolClient'])
    await connector.remove(client.client.client_id)
  })

  test('what an administrator sets stays after a push, which sends it again', async () => {
    const client = await reserved()
    const { client_id } = client.client
    cognito.changeByHand(client_id, { RefreshTokenValidity: 7, ReadAttributes: ['email'] })
    await connector.push(client)
    expect(membersOf(client_id)).toMatchObject({
      RefreshTokenValidity: 7,
      ReadAttributes: ['email'],
    })
    await connector.remove(client_id)
  })

  test('a change by hand is noticed', async () => {
    const client = await reserved()
    const { client_id } = client.client
    await connector.push(client)
    for (const change of [
      { CallbackURLs: ['https://evil.example/callback'] },
      { AllowedOAuthScopes: ['openid', 'aws.cognito.signin.user.admin'] },
      { ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'] },
      { AllowedOAuthFlowsUserPoolClient: false },
    ]) {
      cognito.changeByHand(client_id, change)
      expect((await listed(client_id))?.fingerprint).not.toBe(connector.fingerprint(client))
      await connector.push(client)
      expect((await listed(client_id))?.fingerprint).toBe(connector.fingerprint(client))
    }
    await connector.remove(client_id)
  })

  test('a client of somebody else is neither replaced nor listed nor removed', async () => {
    const id = cognito.createByHand({ ClientName: 'Console' })
    const client = await reserved()
    const theirs = { ...client, client: { ...client.client, client_id: id } }
    for (const by of [connector, connect(cognito.url, 'b-table')]) {
      await expect(by.push(theirs)).rejects.toThrow('not from this service')
      await by.remove(id)
      expect(await listed(id, by)).toBeUndefined()
    }
    expect(membersOf(id)).toMatchObject({ ClientName: 'Console' })
    await connector.remove(client.client.client_id)
  })

  test('a client that is missing is an error, since Cognito chooses identifiers', async () => {
    const client = await reserved()
    await connector.remove(client.client.client_id)
    await expect(connector.push(client)).rejects.toThrow('an app client is missing')
  })

  test('a client that becomes public is an error, since its app client keeps its secret', async () => {
    const client = await reserved()
    const { client_id } = client.client
    const open = { ...client.client, token_endpoint_auth_method: 'none' }
    await expect(
      connector.push({ ...client, client: open, client_secret: undefined }),
    ).rejects.toThrow('cannot change whether it has a secret')
    await connector.remove(client_id)
  })

  test.each([
    ['private keys', { token_endpoint_auth_method: 'private_key_jwt' }],
    ['pairwise subjects', { subject_type: 'pairwise' }],
    ['another algorithm of ID tokens', { id_token_signed_response_alg: 'ES256' }],
    ['signed userinfo', { userinfo_signed_response_alg: 'RS256' }],
    ['tokens bound to a DPoP key', { dpop_bound_access_tokens: true }],
    ['the device grant', { grant_types: ['urn:ietf:params:oauth:grant-type:device_code'] }],
    [
      'client credentials beside a code',
      { grant_types: ['authorization_code', 'client_credentials'] },
    ],
    ['a scope that the pool does not have', { scope: 'openid unheard-of' }],
    ['a scope of people for a machine', { ...machine, scope: 'openid' }],
  ])('%s is rejected', async (_, metadata) => {
    const client = await reserved()
    const { client_id } = client.client
    const changed = { ...client, client: { ...client.client, ...metadata } }
    expect(await outcomeOf(connector.push(changed))).toBe('invalid_client_metadata')
    await connector.remove(client_id)
  })

  test.each([
    ['http', ['http://client.example/callback']],
    ['a loopback URI without a port', ['http://127.0.0.1/callback']],
    ['a fragment', ['https://client.example/#a']],
    ['more than 1,024 characters', [`https://client.example/${'a'.repeat(1_024)}`]],
    ['more than 100 URIs', Array.from({ length: 101 }, (_, at) => `https://client.example/${at}`)],
  ])('redirect URIs with %s are rejected', async (_, redirect_uris) => {
    const client = await reserved({ redirect_uris })
    expect(await outcomeOf(connector.push(client))).toBe('invalid_redirect_uri')
    await connector.remove(client.client.client_id)
  })

  test('a call that Cognito throttles is repeated', async () => {
    const client = await reserved()
    cognito.faults.push('TooManyRequestsException', 'InternalErrorException')
    await connector.push(client)
    expect((await listed(client.client.client_id))?.fingerprint).toBe(connector.fingerprint(client))
    await connector.remove(client.client.client_id)
  })

  test('a failed call is an error that names the operation, without a secret', async () => {
    const client = await reserved()
    cognito.faults.push('NotAuthorizedException')
    await expect(connector.push(client)).rejects.toThrow(
      /^cognito: DescribeUserPoolClient: NotAuthorizedException$/,
    )
    await connector.remove(client.client.client_id)
  })

  test('an identifier that Cognito does not give is a 503', async () => {
    cognito.faults.push('NotAuthorizedException')
    expect(await outcomeOf(connect(cognito.url, 'a-table').createClientId?.(true) ?? now())).toBe(
      'temporarily_unavailable',
    )
  })

  test('a pool that is filled to 90 percent takes no more clients, until some are removed', async () => {
    let time = 0
    const clients = cognito.clients as Map<string, unknown>
    clients.clear()
    const ids: string[] = []
    for (let made = 0; made < 17; made += 1) ids.push(cognito.createByHand({ ClientName: 'x' }))
    const small = connect(cognito.url, 'a-table', { maxClients: 20 }, () => time)
    ids.push((await small.createClientId?.(false)) ?? '')
    await expect(small.createClientId?.(false)).rejects.toMatchObject({
      code: 'temporarily_unavailable',
      details: { retryAfterSeconds: 3_600 },
    })
    expect(usage.at(-1)).toBe(90)
    for (const id of ids.slice(0, 5)) clients.delete(id)
    expect(await outcomeOf(small.createClientId?.(false) ?? now())).toBe('temporarily_unavailable')
    time += 10_001
    ids.push((await small.createClientId?.(false)) ?? '')
    for (const id of ids) clients.delete(id)
  })

  test('a pool that has reached its quota is a 503', async () => {
    const full = connect(cognito.url, 'a-table')
    await full.createClientId?.(false)
    cognito.faults.push('LimitExceededException')
    await expect(full.createClientId?.(false)).rejects.toMatchObject({
      details: { retryAfterSeconds: 3_600 },
    })
    ;(cognito.clients as Map<string, unknown>).clear()
  })

  test('200 random changes with crashes end without drift after one reconciliation', async () => {
    const redirect_uris = ['https://client.example/callback']
    const kinds = [
      { redirect_uris, grant_types: ['authorization_code', 'refresh_token'] },
      { redirect_uris: [...redirect_uris, 'http://127.0.0.1:33418/'], scope: 'openid profile' },
      machine,
    ]
    await endsWithoutDrift(cognito.url, connect, 200, getsToken, kinds)
  })
})

const now = async () => undefined
