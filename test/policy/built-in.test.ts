import { describe, expect, test } from 'vitest'
import { composePolicies } from '../../lib/policy/compose-policies.ts'
import { runPolicies } from '../../lib/policy/policy.ts'
import { registerClient } from '../../lib/register-client.ts'
import { parseSettings, type SettingsInput } from '../../lib/settings/settings.ts'
import { updateClient } from '../../lib/update-client.ts'
import { initialAccessToken, now, ordinary, outcomeOf, registered } from '../support/clients.ts'
import { problemsOf } from '../support/problems-of.ts'
import { testServer } from '../support/server.ts'

type Own = NonNullable<SettingsInput['policySettings']>
type Name = keyof Own | 'public-clients-only'

const governed = (name: Name, policySettings: Own = {}, more: SettingsInput = {}) =>
  testServer({ settings: { ...more, policies: [name], policySettings } })

/** Registers by a token of alice; what the client sends beside redirect URIs. */
async function register(server: Awaited<ReturnType<typeof governed>>, sent: object) {
  const bearer = await initialAccessToken(server, { sub: 'alice' })
  const body = { redirect_uris: ordinary.redirect_uris, ...sent }
  return registerClient({ bearer, body, now }, server)
}

describe('the policy allowed-redirect-hosts', () => {
  const hosts = ['client.example', '.apps.example', 'localhost']
  const server = () => governed('allowed-redirect-hosts', { 'allowed-redirect-hosts': { hosts } })
  const native = { application_type: 'native', token_endpoint_auth_method: 'none' }

  test.each([
    [['https://client.example/callback']],
    [['https://CLIENT.example:8443/callback?a=b']],
    [['https://one.apps.example/', 'https://two.one.apps.example/']],
    [['http://localhost:3000/callback']],
  ])('accepts %j', async (redirect_uris) => {
    expect(await outcomeOf(register(await server(), { redirect_uris }))).toBe('ok')
  })

  test.each([
    [['https://else.example/']],
    [['https://client.example/', 'https://else.example/']],
    [['https://apps.example/']],
    [['https://evilapps.example/']],
    [['https://client.example.evil.example/']],
    [['https://sub.client.example/']],
    [['https://client.example@evil.example/']],
    [['https://evil.example/client.example']],
    [['https://evil.example#client.example']],
    [['https://evil.example\\client.example']],
    [['http://127.0.0.1/']],
    [['com.example.app:/callback']],
    [['com.example.app://client.example/callback']],
    [['callback']],
    [[7]],
    ['https://client.example/'],
  ])('rejects %j', async (redirect_uris) => {
    const request = register(await server(), { ...native, redirect_uris })
    expect(await outcomeOf(request)).toBe('invalid_redirect_uri')
  })
})

describe('the policy allowed-scopes', () => {
  const server = () =>
    governed('allowed-scopes', { 'allowed-scopes': { scopes: ['openid', 'email'] } })

  test.each([
    [undefined, 'openid email'],
    [null, 'openid email'],
    ['  ', 'openid email'],
    ['email', 'email'],
    ['openid  email ', 'openid email'],
  ])('registers %j as %j', async (scope, given) => {
    expect(await register(await server(), { scope })).toMatchObject({ scope: given })
  })

  test.each(['admin', 'openid admin', 'openidx', 'OPENID', 7, ['openid']])(
    'rejects %j',
    async (scope) => {
      expect(await outcomeOf(register(await server(), { scope }))).toBe('invalid_client_metadata')
    },
  )
})

describe('the policy public-clients-only', () => {
  const metadata = {
    grantTypes: ['authorization_code', 'implicit', 'refresh_token', 'client_credentials'],
    responseTypes: ['code', 'token'],
  }
  const server = () => governed('public-clients-only', {}, { metadata })

  test.each([
    {},
    { token_endpoint_auth_method: 'none' },
    { grant_types: ['authorization_code', 'refresh_token'] },
  ])('registers %j as a public client, without a secret', async (sent) => {
    const answer = await register(await server(), sent)
    expect(answer).toMatchObject({ token_endpoint_auth_method: 'none', response_types: ['code'] })
    expect(answer).not.toHaveProperty('client_secret')
  })

  test.each([
    { token_endpoint_auth_method: 'client_secret_basic' },
    { token_endpoint_auth_method: 7 },
    { grant_types: ['client_credentials'] },
    { grant_types: ['authorization_code', 'implicit'], response_types: ['code', 'token'] },
    { grant_types: 'authorization_code' },
    { response_types: ['token'] },
  ])('rejects %j', async (sent) => {
    expect(await outcomeOf(register(await server(), sent))).toBe('invalid_client_metadata')
  })
})

describe('the policies forced-members and default-members', () => {
  const members = { client_name: 'Ours', contacts: ['us@as.example'] }

  test('force values, whatever was sent, and in whatever language', async () => {
    const server = await governed('forced-members', { 'forced-members': { members } })
    const sent = {
      client_name: 'Theirs',
      'client_name#de': 'Fremd',
      client_uri: 'https://c.example/',
    }
    const answer = await register(server, sent)
    expect(answer).toMatchObject({ ...members, client_uri: 'https://c.example/' })
    expect(answer).not.toHaveProperty('client_name#de')
  })

  test('default what is omitted or null, and nothing else', async () => {
    const server = await governed('default-members', { 'default-members': { members } })
    expect(await register(server, {})).toMatchObject(members)
    expect(await register(server, { client_name: null })).toMatchObject(members)
    expect(await register(server, { client_name: 'Theirs' })).toMatchObject({
      ...members,
      client_name: 'Theirs',
    })
  })

  test('do not let one client change the values of the next', async () => {
    const policies = composePolicies(
      parseSettings({ policySettings: { 'default-members': { members } } }),
      {},
    )
    const input = {
      operation: 'register',
      registration_method: 'anonymous',
      owner: undefined,
      iss: undefined,
      scope: undefined,
      initial_access_token: undefined,
      client_id: undefined,
    } as const
    const { metadata } = await runPolicies(['default-members'], input, {}, policies)
    Object.assign(metadata.contacts as string[], { 0: 'changed' })
    expect(members.contacts).toEqual(['us@as.example'])
  })

  test('are judged like what is sent', async () => {
    const wrong = { members: { redirect_uris: ['http://as.example/'] } }
    const server = await governed('forced-members', { 'forced-members': wrong })
    expect(await outcomeOf(register(server, {}))).toBe('invalid_redirect_uri')
  })
})

describe('the policy client-name-from-owner', () => {
  const server = () =>
    governed(
      'client-name-from-owner',
      { 'client-name-from-owner': { format: 'App of {owner} ({owner})' } },
      { registration: 'dynamic' },
    )

  test('names a client that names itself nothing after its owner', async () => {
    expect(await register(await server(), {})).toMatchObject({
      client_name: 'App of alice (alice)',
    })
    expect(await register(await server(), { client_name: 'Mine' })).toMatchObject({
      client_name: 'Mine',
    })
  })

  test('takes an owner literally', async () => {
    const one = await server()
    const bearer = await initialAccessToken(one, { sub: "$& $' {owner}" })
    const { redirect_uris } = ordinary
    const answer = await registerClient({ bearer, body: { redirect_uris }, now }, one)
    expect(answer.client_name).toBe("App of $& $' {owner} ($& $' {owner})")
  })

  test('leaves a client without owner without a name', async () => {
    const one = await server()
    const { redirect_uris } = ordinary
    const answer = await registerClient({ bearer: undefined, body: { redirect_uris }, now }, one)
    expect(answer).not.toHaveProperty('client_name')
  })
})

describe('the built-in policies at an update', () => {
  test.each<[Name, Own, object, string]>([
    [
      'allowed-redirect-hosts',
      { 'allowed-redirect-hosts': { hosts: ['client.example'] } },
      { redirect_uris: ['https://else.example/'] },
      'invalid_redirect_uri',
    ],
    [
      'allowed-scopes',
      { 'allowed-scopes': { scopes: ['openid', 'profile'] } },
      { scope: 'admin' },
      'invalid_client_metadata',
    ],
    [
      'public-clients-only',
      {},
      { token_endpoint_auth_method: 'client_secret_basic' },
      'invalid_client_metadata',
    ],
  ])('%s rejects what it rejects at a registration', async (name, own, change, rejection) => {
    const server = await governed(name, own)
    const { client_id, token } = await registered(server)
    const body = { ...ordinary, ...change, client_id }
    expect(await outcomeOf(updateClient({ bearer: token, client_id, body, now }, server))).toBe(
      rejection,
    )
  })
})

describe('the settings of the built-in policies', () => {
  test.each<[string, unknown]>([
    ['allowed-redirect-hosts.hosts', { 'allowed-redirect-hosts': { hosts: [] } }],
    ['allowed-redirect-hosts.hosts.0', { 'allowed-redirect-hosts': { hosts: ['Client.Example'] } }],
    [
      'allowed-redirect-hosts.hosts.0',
      { 'allowed-redirect-hosts': { hosts: ['https://client.example'] } },
    ],
    ['allowed-redirect-hosts.hosts', { 'allowed-redirect-hosts': {} }],
    [
      'allowed-redirect-hosts.host',
      { 'allowed-redirect-hosts': { hosts: ['a.example'], host: 'b' } },
    ],
    ['allowed-scopes.scopes', { 'allowed-scopes': { scopes: [] } }],
    ['allowed-scopes.scopes.0', { 'allowed-scopes': { scopes: ['a b'] } }],
    ['forced-members.members', { 'forced-members': { members: ['client_name'] } }],
    ['default-members.members', { 'default-members': { members: 'client_name' } }],
    ['client-name-from-owner.format', { 'client-name-from-owner': { format: 'no owner' } }],
    ['maximum-clients-per-owner.max', { 'maximum-clients-per-owner': { max: 0 } }],
    ['maximum-clients-per-owner.max', { 'maximum-clients-per-owner': { max: 1.5 } }],
    ['maximum-clients', { 'maximum-clients': { max: 1 } }],
  ])('a wrong %s is named', (path, policySettings) => {
    const problems = problemsOf({ policySettings })
    expect(problems.join('\n')).toMatch(
      new RegExp(`^policySettings.${path}: (expected|unknown|Invalid|is missing)`),
    )
  })

  test('an extension cannot take the name of a built-in policy that is configured', () => {
    const extensions = { 'public-clients-only': () => {} }
    expect(() => composePolicies(parseSettings({}), extensions)).toThrow('public-clients-only')
  })
})
