import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../lib/json.ts'
import { noEntitlements } from '../../../lib/permission/anonymous-clients.ts'
import { type Permission, permit } from '../../../lib/permission/permit.ts'
import type { Policy } from '../../../lib/policy/policy.ts'
import { parseSettings, type SettingsInput } from '../../../lib/settings/settings.ts'
import { now } from '../../support/clients.ts'
import { signer } from '../../support/signer.ts'
import { permitPorts } from './ports.ts'

const redirect_uris = ['https://client.example/cb']
const permission: Permission = {
  input: { operation: 'register', registration_method: 'initial_access_token' },
  policies: [],
  lock: {},
  allowEmptyGrantTypes: false,
}
const anonymous: Partial<Permission> = {
  input: { operation: 'register', registration_method: 'anonymous' },
  anonymous: noEntitlements,
}

type Given = Partial<Permission> & {
  readonly settings?: SettingsInput
  readonly extensions?: Readonly<Record<string, Policy>>
}

/** The metadata that is registered from what was sent. */
async function permitted(sent: JsonObject, { settings, extensions, ...more }: Given = {}) {
  const server = permitPorts(settings, extensions)
  const body = { redirect_uris, ...sent }
  return (await permit(body, { ...permission, ...more }, now, server)).metadata
}

const verified: Permission['statement'] = {
  claims: {},
  members: { client_name: 'Verified', software_statement: 'a.b.c' },
}

const invalid = (description: unknown) => ({ code: 'invalid_client_metadata', description })

const issuer = signer()
const softwareStatement = { issuers: [{ issuer: issuer.issuer, jwks: issuer.jwks }] }

describe('a software statement', () => {
  const settings = { softwareStatement }

  test('takes precedence over plain members, in every language', async () => {
    const software_statement = issuer.sign({
      client_name: 'Stated',
      'client_uri#en': 'https://s.example/',
    })
    const sent = {
      client_name: 'Plain',
      'client_name#de': 'Plain',
      client_uri: 'https://p.example/',
      'client_uri#fr': 'https://p.example/fr',
      'tos_uri#de': 'https://p.example/de',
      software_statement,
    }
    const metadata = await permitted(sent, { settings })
    expect(metadata).toMatchObject({
      client_name: 'Stated',
      'client_uri#en': 'https://s.example/',
      'tos_uri#de': 'https://p.example/de',
      software_statement,
    })
    for (const name of ['client_name#de', 'client_uri', 'client_uri#fr'])
      expect(metadata).not.toHaveProperty([name])
  })

  test('takes precedence over what a policy sets, and the policy sees it', async () => {
    const seen: unknown[] = []
    const extensions: Given['extensions'] = {
      rename: (_, members) => {
        seen.push(members.client_name)
        members.client_name = 'Renamed'
        members.software_statement = issuer.sign({ client_name: 'Forged' })
      },
    }
    const given = { settings: { ...settings, policies: ['rename'] }, extensions }
    const software_statement = issuer.sign({ client_name: 'Stated' })
    expect(await permitted({ client_name: 'Plain', software_statement }, given)).toMatchObject({
      client_name: 'Stated',
      software_statement,
    })
    const plain = await permitted({ client_name: 'Plain' }, given)
    expect(plain).toMatchObject({ client_name: 'Renamed' })
    expect(plain).not.toHaveProperty('software_statement')
    expect(seen).toEqual(['Stated', 'Plain'])
  })

  test('states nothing by a claim that is null or empty', async () => {
    const software_statement = issuer.sign({ client_name: null, client_uri: '' })
    const sent = { client_name: 'Plain', client_uri: 'https://p.example/', software_statement }
    expect(await permitted(sent, { settings })).toMatchObject(sent)
  })

  test('whose keys verified the request is not verified again', async () => {
    const statement = verified
    expect(await permitted({ client_name: 'Plain' }, { statement })).toMatchObject({
      client_name: 'Verified',
    })
  })

  test('that is registered is valid while the client sends it again', async () => {
    const registeredStatement = signer(issuer.issuer).sign({ client_name: 'Before' })
    const sent = { software_statement: registeredStatement }
    expect(await permitted(sent, { settings, registeredStatement })).toMatchObject({
      client_name: 'Before',
    })
    await expect(permitted(sent, { settings })).rejects.toMatchObject({
      code: 'invalid_software_statement',
    })
  })
})

describe('policies', () => {
  const add =
    (letter: string): Policy =>
    (_, members) => {
      members.client_name = `${members.client_name ?? ''}${letter}`
    }

  test("of the settings run before the request's, and all are logged", async () => {
    const server = permitPorts({ policies: ['b'] }, { a: add('a'), b: add('b') })
    const { metadata } = await permit(
      { redirect_uris },
      { ...permission, policies: ['a'] },
      now,
      server,
    )
    expect(metadata.client_name).toBe('ba')
    expect(server.annotated).toEqual([{ policies: ['b', 'a'] }])
  })

  test('see what omitted members and aliases mean', async () => {
    const extensions: Given['extensions'] = {
      look: ({ reject }, members) => {
        if ('client_uri' in members || 'redirect_url' in members) reject('not canonical')
        if (!Array.isArray(members.redirect_uris)) reject('no redirect URIs')
      },
    }
    const settings = { aliases: true, policies: ['look'] }
    const sent = { redirect_uris: null, redirect_url: redirect_uris[0], client_uri: '' }
    expect(await permitted(sent, { settings, extensions })).toMatchObject({ redirect_uris })
  })

  test('may leave a member empty, which omits it', async () => {
    const extensions: Given['extensions'] = {
      empty: (_, members) => {
        members.client_name = ''
      },
    }
    const settings = { policies: ['empty'] }
    expect(await permitted({ client_name: 'A' }, { settings, extensions })).not.toHaveProperty(
      'client_name',
    )
  })
})

describe('a lock', () => {
  const lock = { scopes: ['openid', 'email'], grants: ['authorization_code'] }

  test.each([undefined, null, '', '  '])(
    'gives its scopes to a client that sends %j',
    async (scope) => {
      expect(await permitted({ scope }, { lock })).toMatchObject({ scope: 'openid email' })
    },
  )

  test('leaves a client the scopes and grant types that are in it', async () => {
    const sent = { scope: 'email admin', grant_types: ['authorization_code', 'refresh_token'] }
    expect(await permitted(sent, { lock })).toMatchObject({
      scope: 'email',
      grant_types: ['authorization_code'],
    })
  })

  test('without scopes leaves the scope to the server', async () => {
    expect(await permitted({}, { lock: { grants: ['authorization_code'] } })).not.toHaveProperty(
      'scope',
    )
  })

  test('binds anonymous clients too', async () => {
    const grant_types = ['authorization_code', 'refresh_token']
    const given = { ...anonymous, lock: { grants: ['authorization_code'] } }
    expect(await permitted({ grant_types }, given)).toMatchObject({
      grant_types: ['authorization_code'],
    })
    expect(await permitted({ grant_types }, anonymous)).toMatchObject({ grant_types })
  })
})

describe('a scope that grants rights at this service', () => {
  const operator: Given = { input: { operation: 'register', registration_method: 'operator' } }
  const { registrationScope, adminScope, readScope, useScope, trustedRegistrationScope } =
    parseSettings({})
  const rights = [
    registrationScope,
    `${registrationScope}:scope:a`,
    adminScope,
    readScope,
    useScope,
    trustedRegistrationScope,
  ]

  test.each(rights)('%s is registered by the operator only', async (right) => {
    expect(await permitted({ scope: `a ${right}` })).toMatchObject({ scope: 'a' })
    expect(await permitted({ scope: `a ${right}` }, operator)).toMatchObject({
      scope: `a ${right}`,
    })
    await expect(permitted({ scope: right })).rejects.toMatchObject(
      invalid('scope: reserved for clients of the operator'),
    )
  })

  test.each(['client-regs', 'client-re', 'x', 'xclient-reg:a'])('is not %s', async (scope) => {
    expect(await permitted({ scope: `${scope}  b` })).toMatchObject({ scope: `${scope} b` })
  })

  test('is kept if it is registered already, or listed in the settings', async () => {
    const registeredScope = 'realm openid'
    expect(await permitted({ scope: 'realm a' }, { registeredScope })).toMatchObject({
      scope: 'realm a',
    })
    const settings = { metadata: { scopes: ['client-reg', 'a'] } }
    expect(await permitted({ scope: 'client-reg a' }, { settings })).toMatchObject({
      scope: 'client-reg a',
    })
  })

  test('is rejected beside others where the settings reject the unsupported', async () => {
    const settings = { metadata: { unsupported: 'refuse' } } as const
    await expect(permitted({ scope: 'a realm' }, { settings })).rejects.toMatchObject(
      invalid('scope: reserved for clients of the operator'),
    )
    expect(await permitted({ scope: 'a' }, { settings })).toMatchObject({ scope: 'a' })
  })
})

describe('an anonymous client', () => {
  const code = ['authorization_code']
  const grant_types = [...code, 'client_credentials']

  test('gets the scopes of OpenID Connect Core and no others', async () => {
    const scope = 'openid profile email address phone offline_access'
    expect(await permitted({ scope: `${scope} admin` }, anonymous)).toMatchObject({ scope })
    expect(await permitted({ scope: 'openid  admin' }, anonymous)).toMatchObject({
      scope: 'openid',
    })
    expect(await permitted({ scope: 'admin' }, anonymous)).not.toHaveProperty('scope')
    expect(await permitted({}, anonymous)).not.toHaveProperty('scope')
  })

  test('gets the scopes of the settings: its own, or those that are supported', async () => {
    const metadata = { scopes: ['openid', 'tools', 'realm'] }
    const sent = { scope: 'openid tools realm email' }
    expect(await permitted(sent, { ...anonymous, settings: { metadata } })).toMatchObject({
      scope: 'openid tools',
    })
    const settings = { metadata, anonymous: { scopes: ['tools'] } }
    expect(await permitted(sent, { ...anonymous, settings })).toMatchObject({ scope: 'tools' })
  })

  test('learns which scopes it may have where the settings reject the unsupported', async () => {
    const metadata = { unsupported: 'refuse' } as const
    const settings = { metadata, anonymous: { scopes: ['a', 'b'] } }
    await expect(permitted({ scope: 'a c' }, { ...anonymous, settings })).rejects.toMatchObject(
      invalid('scope: without a token, expected scopes among a, b'),
    )
    expect(await permitted({ scope: 'b a' }, { ...anonymous, settings })).toMatchObject({
      scope: 'b a',
    })
    const none = { metadata, anonymous: { scopes: [] } }
    await expect(permitted({ scope: 'a' }, { ...anonymous, settings: none })).rejects.toMatchObject(
      invalid('scope: without a token, expected scopes among none'),
    )
  })

  test('is rejected for a malformed scope instead of losing it', async () => {
    for (const scope of ['"openid"', 'openid "a"', 1])
      await expect(permitted({ scope }, anonymous)).rejects.toMatchObject(
        invalid(expect.stringMatching(/^scope: /)),
      )
  })

  test('keeps the grant types, scopes and size that it has', async () => {
    const contacts = Array.from({ length: 10 }, (_, n) => `${n}${'x'.repeat(450)}`)
    const sent = { grant_types, scope: 'openid admin', contacts }
    await expect(permitted({ contacts }, anonymous)).rejects.toMatchObject(
      invalid('the metadata exceed 4096 bytes'),
    )
    const has = { grants: ['client_credentials'], scopes: ['admin'], bytes: 8192 }
    expect(await permitted(sent, { ...anonymous, anonymous: has })).toMatchObject(sent)
    const bytes = Buffer.byteLength(JSON.stringify(await permitted({ contacts })))
    const exact = { ...noEntitlements, bytes }
    expect(await permitted({ contacts }, { ...anonymous, anonymous: exact })).toBeDefined()
    const less = { ...noEntitlements, bytes: bytes - 1 }
    await expect(permitted({ contacts }, { ...anonymous, anonymous: less })).rejects.toMatchObject(
      invalid(`the metadata exceed ${bytes - 1} bytes`),
    )
  })

  test('is never larger than any client may be', async () => {
    const contacts = Array.from({ length: 10 }, (_, n) => `${n}${'x'.repeat(450)}`)
    const settings = { limits: { item: 4096 } }
    const has = { ...noEntitlements, bytes: 1_000_000 }
    for (const more of [{}, { ...anonymous, anonymous: has }])
      await expect(permitted({ contacts }, { ...more, settings })).rejects.toMatchObject(
        invalid('the metadata exceed 4096 bytes'),
      )
  })

  test('has what its software statement vouches for, and nothing more', async () => {
    const given = { ...anonymous, settings: { softwareStatement } }
    const stated = { grant_types, scope: 'openid stated' }
    const software_statement = issuer.sign(stated)
    expect(await permitted({ software_statement }, given)).toMatchObject(stated)
    const scoped = issuer.sign({ scope: 'stated' })
    expect(
      await permitted({ software_statement: scoped, grant_types, scope: 'admin' }, given),
    ).toMatchObject({ grant_types: code, scope: 'stated' })
    const malformed = issuer.sign({ grant_types: 'client_credentials', scope: 7 })
    await expect(permitted({ software_statement: malformed }, given)).rejects.toThrow()
  })

  test('has its documents fetched only if the issuer of its statement signed the request', async () => {
    const sent = {
      subject_type: 'pairwise',
      sector_identifier_uri: 'https://client.example/sector',
    }
    await expect(permitted(sent, anonymous)).rejects.toMatchObject(
      invalid(expect.stringMatching(/the document is not fetched for a client that registers/)),
    )
    const statement = verified
    const unreadable = invalid(expect.stringMatching(/the document cannot be read as JSON/))
    await expect(permitted(sent, { ...anonymous, statement })).rejects.toMatchObject(unreadable)
    await expect(permitted(sent)).rejects.toMatchObject(unreadable)
  })
})

describe('an empty list of grant types', () => {
  test('is registered only for a client that may have none', async () => {
    const sent = { grant_types: [], response_types: [] }
    expect(await permitted(sent, { allowEmptyGrantTypes: true })).toMatchObject(sent)
    await expect(permitted(sent)).rejects.toThrow('grant_types')
  })
})
