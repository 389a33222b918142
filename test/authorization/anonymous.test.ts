import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, describe, expect, test } from 'vitest'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { registerClient } from '../../lib/register-client.ts'
import { parseSettings, type SettingsInput } from '../../lib/settings/settings.ts'
import { updateClient } from '../../lib/update-client.ts'
import { initialAccessToken, now, ordinary, outcomeOf } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { problemsOf } from '../support/problems-of.ts'
import { testServer } from '../support/server.ts'
import { signer } from '../support/signer.ts'
import { stored } from '../support/stored.ts'

type Served = Awaited<ReturnType<typeof testServer>>

const open = (settings: SettingsInput = {}) =>
  testServer({ settings: { registration: 'dynamic', ...settings } })

const register = (server: Served, sent: object, bearer?: string) =>
  registerClient({ bearer, body: { ...ordinary, ...sent }, now }, server)

const grants = ['authorization_code', 'client_credentials']
const documents = documentClient({ endpoint: embeddedDynamodb })
afterAll(() => documents.destroy())

describe('a registration without a token', () => {
  test('gets neither client_credentials nor a scope that nobody listed for it', async () => {
    const server = await open()
    const answer = await register(server, { grant_types: grants, scope: 'openid admin email' })
    expect(answer).toMatchObject({ grant_types: ['authorization_code'], scope: 'openid email' })
    expect(await outcomeOf(register(server, { grant_types: ['client_credentials'] }))).toBe(
      'invalid_client_metadata',
    )
  })

  test('gets the scopes of OpenID Connect Core, by default', async () => {
    const scope = 'openid profile email address phone offline_access'
    expect((await register(await open(), { scope })).scope).toBe(scope)
  })

  test('is registered without a scope where none of those it asks for is left', async () => {
    expect(await register(await open(), { scope: 'admin' })).not.toHaveProperty('scope')
  })

  test.each(['openid "admin"', 'openid ad\\min', 'openid\tadmin', 'é'])(
    'is rejected where its scope is malformed: %j',
    async (scope) => {
      expect(await outcomeOf(register(await open(), { scope }))).toBe('invalid_client_metadata')
    },
  )

  test('is rejected what it may not have where the settings reject the unsupported', async () => {
    const server = await open({ metadata: { unsupported: 'refuse' } })
    const scope = register(server, { scope: 'openid admin' })
    await expect(scope).rejects.toMatchObject({
      code: 'invalid_client_metadata',
      description: expect.stringMatching(/^scope: without a token, expected scopes among openid, /),
    })
    expect(await outcomeOf(register(server, { grant_types: grants }))).toBe(
      'invalid_client_metadata',
    )
    expect(await outcomeOf(register(server, {}))).toBe('ok')
  })

  test('gets the grant types that the settings list, unless they list others for it', async () => {
    const metadata = { grantTypes: ['authorization_code', 'client_credentials'] }
    const sent = { grant_types: grants }
    expect(await register(await open({ metadata }), sent)).toMatchObject({ grant_types: grants })
    const anonymous = { grantTypes: ['authorization_code'] }
    expect(await register(await open({ metadata, anonymous }), sent)).toMatchObject({
      grant_types: ['authorization_code'],
    })
  })

  test('gets the scopes that the settings list, unless they list others for it', async () => {
    const metadata = { scopes: ['openid', 'tools', 'admin'] }
    const sent = { scope: 'openid tools email' }
    expect((await register(await open({ metadata }), sent)).scope).toBe('openid tools')
    const anonymous = { scopes: ['tools'] }
    expect((await register(await open({ metadata, anonymous }), sent)).scope).toBe('tools')
  })

  test('never gets a scope of the operator, though the settings support it', async () => {
    const server = await open({ metadata: { scopes: ['openid', 'client-admin'] } })
    expect((await register(server, { scope: 'openid client-admin' })).scope).toBe('openid')
  })

  test('is bound after policies', async () => {
    const members = { scope: 'openid admin', grant_types: grants }
    const server = await open({
      policies: ['forced-members'],
      policySettings: { 'forced-members': { members } },
    })
    expect(await register(server, {})).toMatchObject({
      grant_types: ['authorization_code'],
      scope: 'openid',
    })
  })

  test.each<[string, (server: Served) => Promise<string>]>([
    ['the master token', async () => masterToken],
    ['an initial access token', (server) => initialAccessToken(server)],
  ])('is not limited like this with %s', async (_, tokenOf) => {
    const server = await open()
    const sent = { grant_types: grants, scope: 'openid admin' }
    expect(await register(server, sent, await tokenOf(server))).toMatchObject(sent)
  })

  test('has room for some 4 KB of metadata, and for what the settings say', async () => {
    const heavy = { contacts: Array.from({ length: 10 }, (_, n) => `${n}${'x'.repeat(450)}`) }
    expect(await outcomeOf(register(await open(), heavy))).toBe('invalid_client_metadata')
    expect(await outcomeOf(register(await open({ anonymous: { item: 8192 } }), heavy))).toBe('ok')
    const server = await open()
    const bearer = await initialAccessToken(server)
    expect(await outcomeOf(register(server, heavy, bearer))).toBe('ok')
  })

  test('has room for two RSA keys and a name in five languages', async () => {
    const key = (n: number) => ({ kty: 'RSA', e: 'AQAB', alg: 'PS256', kid: `${n}`, use: 'sig' })
    const modulus = `${'x'.repeat(682)}w`
    const keys = [1, 2].map((n) => ({ ...key(n), n: `${n}${modulus.slice(1)}` }))
    const names = ['de', 'fr', 'ja', 'es', 'pt'].map((tag) => [`client_name#${tag}`, 'A name'])
    const sent = {
      ...Object.fromEntries(names),
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys },
    }
    expect(await outcomeOf(register(await open(), sent))).toBe('ok')
  })
})

describe('a registration without a token, that a trusted issuer vouches for', () => {
  const issuer = signer()
  const issuers = [{ issuer: issuer.issuer, jwks: issuer.jwks }]

  test('gets what its software statement says, and nothing more', async () => {
    const server = await open({ softwareStatement: { issuers } })
    const stated = { grant_types: grants, scope: 'openid stated' }
    const software_statement = issuer.sign(stated)
    expect(await register(server, { software_statement })).toMatchObject(stated)
    const scoped = issuer.sign({ scope: 'openid stated' })
    const answer = await register(server, { software_statement: scoped, grant_types: grants })
    expect(answer).toMatchObject({
      grant_types: ['authorization_code'],
      scope: 'openid stated',
    })
    const named = issuer.sign({ client_name: 'Stated' })
    const asked = { software_statement: named, scope: 'openid admin' }
    expect((await register(server, asked)).scope).toBe('openid')
  })

  test('gets all that is signed, where the whole request is', async () => {
    const server = await open({ signedRequest: { issuers } })
    const body = { ...ordinary, grant_types: grants, scope: 'openid signed' }
    const request = { bearer: undefined, body, signed: true, now }
    expect(await registerClient(request, server)).toMatchObject({
      grant_types: grants,
      scope: 'openid signed',
    })
  })
})

describe('an update of a client that was registered without a token', () => {
  const update = (server: Served, client: Awaited<ReturnType<typeof register>>, sent: object) => {
    const { client_id, registration_access_token: bearer } = client
    const body = { ...ordinary, ...sent, client_id }
    return updateClient({ bearer, client_id, body, now }, server)
  }

  test('gains nothing that its registration could not have', async () => {
    const server = await open()
    const client = await register(server, {})
    const sent = { grant_types: grants, scope: 'openid admin' }
    expect(await update(server, client, sent)).toMatchObject({
      grant_types: ['authorization_code'],
      scope: 'openid',
    })
  })

  test('keeps what the client has already, though the settings have become stricter', async () => {
    const before = await open({
      metadata: { grantTypes: grants },
      anonymous: { scopes: ['openid', 'tools'], item: 16_384 },
    })
    const heavy = { contacts: Array.from({ length: 10 }, (_, n) => `${n}${'x'.repeat(450)}`) }
    const sent = { grant_types: grants, scope: 'openid tools', ...heavy }
    const client = await register(before, sent)
    const settings = parseSettings({ registration: 'scoped' })
    const updated = await update({ ...before, settings }, client, { ...sent, scope: 'tools admin' })
    expect(updated).toMatchObject({ grant_types: grants, scope: 'tools' })
  })

  test('keeps what a software statement vouches for only with the statement', async () => {
    const issuer = signer()
    const issuers = [{ issuer: issuer.issuer, jwks: issuer.jwks }]
    const server = await open({ softwareStatement: { issuers } })
    const stated = {
      grant_types: grants,
      scope: 'tools',
      redirect_uris: ['https://stated.example/cb'],
    }
    const software_statement = issuer.sign(stated)
    const client = await register(server, { software_statement })
    const again = await update(server, client, { software_statement, scope: 'openid' })
    expect(again).toMatchObject(stated)
    const own = { ...stated, scope: 'openid tools', redirect_uris: ['https://other.example/cb'] }
    expect(await update(server, again, own)).toMatchObject({
      grant_types: ['authorization_code'],
      scope: 'openid',
      redirect_uris: own.redirect_uris,
    })
  })

  test('is bound though the client does not say by what right it was registered', async () => {
    const server = await open()
    const client = await register(server, {})
    const [{ admission, ...Item } = {}] = await stored(server, 'CLIENT#')
    expect(admission).toBe('anonymous')
    await documents.send(new PutCommand({ TableName: server.TableName, Item }))
    expect((await update(server, client, { scope: 'openid admin' })).scope).toBe('openid')
  })

  test('is not limited like this if the client was registered with a token', async () => {
    const server = await open()
    const client = await register(server, {}, await initialAccessToken(server))
    const sent = { grant_types: grants, scope: 'openid admin' }
    expect(await update(server, client, sent)).toMatchObject(sent)
  })
})

describe('the settings of registrations without a token', () => {
  test.each<[string, SettingsInput, string]>([
    [
      'a grant type that is not supported',
      { anonymous: { grantTypes: ['implicit'] } },
      'anonymous.grantTypes: implicit is not among metadata.grantTypes',
    ],
    [
      'a scope that is not supported',
      { anonymous: { scopes: ['tools'] }, metadata: { scopes: ['openid'] } },
      'anonymous.scopes: tools is not among metadata.scopes',
    ],
    [
      'a scope of the operator',
      { anonymous: { scopes: ['client-reg:scope:openid'] } },
      'anonymous.scopes: client-reg:scope:openid is a scope of the operator',
    ],
    [
      'more bytes than a client may have',
      { anonymous: { item: 8192 }, limits: { item: 4096 } },
      'anonymous.item: contradicts limits.item; expected at most that',
    ],
    [
      'an item that costs more than seventeen units',
      { limits: { item: 16_385 } },
      'limits.item: expected a whole number from 4096 to 16384',
    ],
  ])('that contradict each other are named: %s', (_, settings, problem) => {
    expect(problemsOf(settings)).toEqual([problem])
  })

  test.each<SettingsInput>([
    {},
    { metadata: { grantTypes: ['client_credentials'] } },
    { metadata: { grantTypes: ['client_credentials'] }, anonymous: { grantTypes: [] } },
  ])('are the same when they are read again, as each Lambda does: %j', (settings) => {
    const parsed = parseSettings(settings)
    expect(parseSettings(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed)
  })
})
