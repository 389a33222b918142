import { describe, expect, test } from 'vitest'
import { registerClient } from '../../lib/register-client.ts'
import type { Server } from '../../lib/server.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { updateClient } from '../../lib/update-client.ts'
import { initialAccessToken, now, ordinary, outcomeOf, registered } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'
import { testServer } from '../support/server.ts'
import { compact, signer } from '../support/signer.ts'

const issuer = signer()
const untrusted = signer()
const elsewhere = signer('https://elsewhere.example')

const issuers = [{ issuer: issuer.issuer, jwks: issuer.jwks }]
const trusting = (settings: SettingsInput = {}, required = false) => {
  return testServer({ settings: { softwareStatement: { required, issuers }, ...settings } })
}

const redirect_uris = ['https://stated.example/callback']
const claims = { software_id: 'wallet', client_name: 'Stated', redirect_uris }

const register = (server: Server, software_statement: unknown, body: object = ordinary) =>
  registerClient({ bearer: masterToken, body: { ...body, software_statement }, now }, server)

describe('RFC 7591 §2.3 Software Statement', () => {
  test("a statement's claims win over plain members, and it is returned as it was sent", async () => {
    const statement = issuer.sign(claims)
    const answer = await register(await trusting(), statement, {
      ...ordinary,
      client_uri: 'https://client.example/',
    })
    expect(answer).toMatchObject({
      ...claims,
      client_uri: 'https://client.example/',
      software_statement: statement,
    })
  })

  test("a statement's claims win over what policies force, and no policy replaces it", async () => {
    const statement = issuer.sign(claims)
    const forged = untrusted.sign({ client_name: 'Forged' })
    const members = {
      client_name: 'Forced',
      client_uri: 'https://f.example/',
      software_statement: forged,
    }
    const server = await trusting({
      policies: ['forced-members'],
      policySettings: { 'forced-members': { members } },
    })
    expect(await register(server, statement)).toMatchObject({
      client_name: 'Stated',
      client_uri: 'https://f.example/',
      software_statement: statement,
    })
    const { software_statement } = await register(server, undefined)
    expect(software_statement).toBeUndefined()
  })

  test('a statement wins over the tagged members of the request, and keeps its own tags', async () => {
    const statement = issuer.sign({ ...claims, 'client_name#de': 'Amtlich' })
    const tagged = {
      'client_name#en': 'Mine',
      'client_name#DE': 'Meins',
      'client_uri#en': 'https://client.example/en',
    }
    const answer = await register(await trusting(), statement, { ...ordinary, ...tagged })
    expect(answer).toMatchObject({ client_name: 'Stated', 'client_name#de': 'Amtlich' })
    expect(answer).toMatchObject({ 'client_uri#en': 'https://client.example/en' })
    expect(JSON.stringify(answer)).not.toMatch(/Mine|Meins/)
  })

  test('a member that a statement has in one language is taken in no other from the request', async () => {
    const statement = issuer.sign({ 'client_name#de': 'Amtlich' })
    const sent = { ...ordinary, client_name: 'Mine', 'client_name#en': 'Mine' }
    const answer = await register(await trusting(), statement, sent)
    expect(answer).toMatchObject({ 'client_name#de': 'Amtlich' })
    expect(JSON.stringify(answer)).not.toContain('Mine')
  })

  test('a statement wins over what a policy adds in another language', async () => {
    const members = { 'client_name#en': 'Forced', 'client_uri#en': 'https://f.example/' }
    const server = await trusting({
      policies: ['default-members'],
      policySettings: { 'default-members': { members } },
    })
    const answer = await register(server, issuer.sign(claims))
    expect(answer).toMatchObject({ client_name: 'Stated', 'client_uri#en': 'https://f.example/' })
    expect(answer).not.toHaveProperty('client_name#en')
  })

  test("a statement's aliases are read where aliases are on, and win over either name", async () => {
    const server = await trusting({ aliases: true })
    const statement = issuer.sign({ redirect_url: redirect_uris, scopes: ['openid'] })
    const { scope: _, redirect_uris: __, ...others } = ordinary
    const [plain, aliased] = [
      { redirect_uris: ['https://mine.example/'], scope: 'email' },
      { redirect_url: ['https://mine.example/'], scopes: ['email'] },
    ]
    for (const sent of [plain, aliased])
      expect(await register(server, statement, { ...others, ...sent })).toMatchObject({
        redirect_uris,
        scope: 'openid',
      })
    const named = issuer.sign(claims)
    expect(await register(server, named, { ...others, ...aliased })).toMatchObject({
      redirect_uris,
    })
  })

  test("a statement's aliases are ignored where aliases are off", async () => {
    const statement = issuer.sign({ redirect_url: redirect_uris })
    expect(await register(await trusting(), statement)).toMatchObject({
      redirect_uris: ordinary.redirect_uris,
    })
  })

  test("policies judge what a statement's aliases mean", async () => {
    const server = await trusting({
      aliases: true,
      policies: ['allowed-redirect-hosts', 'allowed-scopes'],
      policySettings: {
        'allowed-redirect-hosts': { hosts: ['client.example'] },
        'allowed-scopes': { scopes: ['openid', 'profile'] },
      },
    })
    const request = (stated: object) => outcomeOf(register(server, issuer.sign(stated)))
    expect(await request({ redirect_url: redirect_uris })).toBe('invalid_redirect_uri')
    expect(await request({ scopes: ['admin'] })).toBe('invalid_client_metadata')
  })

  test('a statement whose alias and member differ is invalid_software_statement', async () => {
    const server = await trusting({ aliases: true })
    const statement = issuer.sign({ ...claims, redirect_url: ['https://other.example/'] })
    expect(await outcomeOf(register(server, statement))).toBe('invalid_software_statement')
  })

  test.each([
    ['1.1', '1.1'],
    ['2', '2'],
    ['1.10', '1.10'],
    ['12345678901234567890', '12345678901234567890'],
    ['-1e2', '-1e2'],
  ])(
    'the number %s in a statement is taken as its text where a member is a text',
    async (number, text) => {
      const server = await trusting({
        metadata: { unknown: { allow: { org: { type: 'string' } } } },
      })
      const header = `"iss":"${issuer.issuer}","exp":${now + 300}`
      const statement = issuer.sign(
        `{${header},"software_id":${number},"software_version":${number},"org":${number}}`,
      )
      const answer = await register(server, statement)
      expect(answer).toMatchObject({ software_id: text, software_version: text, org: text })
    },
  )

  test.each([{ redirect_uris: [1] }, { software_version: true }, { default_max_age: '1' }])(
    'a value of another type in a statement is not taken: %j',
    async (stated) => {
      const request = outcomeOf(register(await trusting(), issuer.sign(stated)))
      expect(await request).toMatch(/^invalid_(client_metadata|redirect_uri)$/)
    },
  )

  test('a number in the request itself is not taken as a text', async () => {
    const request = register(await trusting(), undefined, { ...ordinary, software_version: 1.1 })
    expect(await outcomeOf(request)).toBe('invalid_client_metadata')
  })

  test("a statement's claims are validated like members that are sent", async () => {
    const server = await trusting()
    const unsafe = issuer.sign({ redirect_uris: ['http://stated.example/'] })
    expect(await outcomeOf(register(server, unsafe))).toBe('invalid_redirect_uri')
  })

  test("a statement's claims that are no client metadata, or the server’s own, are not registered", async () => {
    const server = await trusting()
    const statement = issuer.sign({
      ...claims,
      client_id: 'mine',
      client_secret: 'mine',
      client_id_issued_at: 1,
      client_secret_expires_at: 1,
      registration_access_token: 'mine',
      registration_client_uri: 'https://mine.example/',
      registration_access_token_expires_in: 1,
      org_status: 'Active',
      sub: 'mine',
      jti: 'mine',
    })
    const answer = await register(server, statement)
    expect(JSON.stringify({ ...answer, software_statement: '' })).not.toMatch(/mine|Active/)
    expect(answer.client_id_issued_at).toBe(now)
    expect(answer.client_secret_expires_at).toBe(0)
  })

  test('a statement inside a statement is not taken for it, now or at an update', async () => {
    const server = await trusting()
    const inner = untrusted.sign({ client_name: 'Inner' })
    const statement = issuer.sign({ ...claims, software_statement: inner })
    const { client_id, token, software_statement } = await registered(server, {
      ...ordinary,
      software_statement: statement,
    })
    expect(software_statement).toBe(statement)
    const body = { ...ordinary, client_id, software_statement: inner }
    const update = updateClient({ bearer: token, client_id, body, now }, server)
    expect(await outcomeOf(update)).toBe('invalid_software_statement')
  })

  test.each([
    ['too deep', { nested: JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`) }, 'levels deep'],
    ['an unpaired surrogate', { note: 'a\ud800' }, 'unpaired surrogate'],
    ['a member named constructor', { a: [{ constructor: { name: 'Set' } }] }, 'constructor'],
  ])(
    "a statement's payload is judged as a request body is: %s is rejected",
    async (_, claim, problem) => {
      const statement = issuer.sign({ ...claims, ...claim })
      await expect(register(await trusting(), statement)).rejects.toMatchObject({
        code: 'invalid_software_statement',
        description: expect.stringContaining(problem),
      })
    },
  )

  test('a statement does not make a client trusted', async () => {
    const server = await trusting({ registration: 'dynamic' })
    const software_statement = issuer.sign({ ...claims, trusted: true })
    const body = { ...ordinary, software_statement }
    const answer = await registerClient({ bearer: undefined, body, now }, server)
    expect(answer).not.toHaveProperty('trusted')
  })

  test.each([
    ['of an unknown issuer', elsewhere.sign(claims)],
    ['without issuer', issuer.sign({ ...claims, iss: undefined })],
    ['with the key of another issuer', untrusted.sign(claims)],
    ['expired', issuer.sign({ ...claims, exp: now - 30 })],
    ['not yet valid', issuer.sign({ ...claims, nbf: now + 31 })],
    ['with alg none', compact({ alg: 'none' }, { iss: issuer.issuer, ...claims })],
    [
      'with alg none and a signature',
      compact({ alg: 'nOnE' }, { iss: issuer.issuer, ...claims }, 'x'),
    ],
    ['with a MAC by the public key', issuer.mac(claims)],
    ['with a MAC that says it is ES256', issuer.mac(claims, { alg: 'ES256' })],
    ['with an unknown critical extension', issuer.sign(claims, { crit: ['urn:x'], 'urn:x': 1 })],
    ['with an algorithm that is not accepted', issuer.sign(claims, { alg: 'ES384' })],
    ['that is an access token', issuer.accessToken(claims)],
    ['that is an access token, in capitals', issuer.sign(claims, { typ: 'APPLICATION/AT+JWT' })],
    ['that holds another JWT', issuer.sign(issuer.sign(claims), { cty: 'JWT' })],
    ['that is encrypted', `${issuer.sign(claims)}.e30.e30`],
    ['that is too long', issuer.sign({ ...claims, padding: 'x'.repeat(20_000) })],
    ['that is no JWT', 'a.b.c'],
    ['that is a number', 7],
    ['that is a list', [issuer.sign(claims)]],
    ['that is an object', { jwt: issuer.sign(claims) }],
  ])('a statement %s is invalid_software_statement', async (_, statement) => {
    expect(await outcomeOf(register(await trusting(), statement))).toBe(
      'invalid_software_statement',
    )
  })

  test.each([
    ['the issuer', {}, 'https://as.example'],
    ['the registration endpoint', {}, 'https://as.example/register'],
    ['one of several', {}, ['https://else.example', 'https://as.example']],
    ['what the settings add', { audience: ['bank-7'] }, 'bank-7'],
  ])("a statement's aud may name %s (RFC 7519 §4.1.3)", async (_, settings, aud) => {
    const server = await trusting({ softwareStatement: { issuers, ...settings } })
    expect(await outcomeOf(register(server, issuer.sign({ ...claims, aud })))).toBe('ok')
  })

  test.each<[string, string[] | string | null | number]>([
    ['another server', 'https://else.example'],
    ['other servers', ['https://else.example']],
    ['a longer name', 'https://as.example/register/x'],
    ['nobody', []],
    ['null', null],
    ['a number', 7],
  ])('a statement whose aud names %s is invalid_software_statement', async (_, aud) => {
    const request = register(await trusting(), issuer.sign({ ...claims, aud }))
    await expect(request).rejects.toMatchObject({
      code: 'invalid_software_statement',
      description: expect.stringContaining('its aud names another server'),
    })
  })

  test.each([undefined, 'JWT', 'jwt', 'application/jwt'])(
    "a statement's typ may be %s",
    async (typ) => {
      const statement = issuer.sign(claims, { typ })
      expect(await outcomeOf(register(await trusting(), statement))).toBe('ok')
    },
  )

  const kinds: [string, object, object][] = [
    ['an ID token', { aud: 'some-client', sub: 'alice', nonce: 'n' }, {}],
    ['a logout token', { sub: 'alice', events: {} }, { typ: 'logout+jwt' }],
    ['a client assertion', { aud: 'https://as.example' }, { typ: 'client-authentication+jwt' }],
    ['a client assertion for another server', { aud: 'https://else.example' }, {}],
    ['a DPoP proof', { htm: 'POST', htu: 'https://as.example/token' }, { typ: 'dpop+jwt' }],
    ['an access token', { aud: 'https://as.example', scope: 'openid' }, { typ: 'at+jwt' }],
    ['a request object', { aud: 'https://as.example' }, { typ: 'oauth-authz-req+jwt' }],
    ['a security event', { aud: 'https://as.example', events: {} }, { typ: 'secevent+jwt' }],
    ['one with a typ that is null', {}, { typ: null }],
    ['one with an empty typ', {}, { typ: '' }],
  ]
  test.each(kinds)('%s is no statement (RFC 8725 §3.12)', async (_, stated, header) => {
    const statement = issuer.sign({ ...claims, ...stated }, header)
    expect(await outcomeOf(register(await trusting(), statement))).toBe(
      'invalid_software_statement',
    )
  })

  test('a statement has no other typ than the settings name (RFC 8725 §3.11)', async () => {
    const server = await trusting({ softwareStatement: { issuers, typ: 'statement+jwt' } })
    const request = (typ?: string) => outcomeOf(register(server, issuer.sign(claims, { typ })))
    expect(await request('application/Statement+JWT')).toBe('ok')
    for (const typ of [undefined, 'JWT', 'other+jwt'])
      expect(await request(typ)).toBe('invalid_software_statement')
  })

  test('a statement must have the claims that the settings require', async () => {
    const requiredClaims = ['software_id', 'jti']
    const server = await trusting({ softwareStatement: { issuers, requiredClaims } })
    await expect(register(server, issuer.sign(claims))).rejects.toMatchObject({
      code: 'invalid_software_statement',
      description: expect.stringMatching(/: jti is missing$/),
    })
    expect(await outcomeOf(register(server, issuer.sign({ ...claims, jti: '1' })))).toBe('ok')
  })

  test('a statement with an algorithm that the settings do not list is rejected, though its key has it', async () => {
    const request = async (algorithms: ('ES256' | 'RS256')[]) => {
      const server = await testServer({ settings: { softwareStatement: { issuers, algorithms } } })
      return outcomeOf(register(server, issuer.sign(claims)))
    }
    expect(await request(['RS256'])).toBe('invalid_software_statement')
    expect(await request(['RS256', 'ES256'])).toBe('ok')
  })

  test('a statement that is rejected consumes no initial access token', async () => {
    const server = await trusting({ registration: 'scoped', accessTokenIssuers: [] })
    const bearer = await initialAccessToken(server)
    const request = (software_statement: string) =>
      outcomeOf(registerClient({ bearer, body: { ...ordinary, software_statement }, now }, server))
    expect(await request(untrusted.sign(claims))).toBe('invalid_software_statement')
    expect(await request(issuer.sign(claims))).toBe('ok')
  })

  test('a statement is ignored where no trusted issuer is configured', async () => {
    const answer = await register(await testServer(), issuer.sign(claims))
    expect(answer.client_name).toBe(ordinary.client_name)
    expect(answer).not.toHaveProperty('software_statement')
  })

  test.each([undefined, null])(
    'a statement is mandatory where it is required; %s is none',
    async (none) => {
      const server = await trusting({}, true)
      expect(await outcomeOf(register(server, none))).toBe('invalid_software_statement')
      expect(await outcomeOf(register(server, issuer.sign(claims)))).toBe('ok')
    },
  )
})

describe('RFC 7592 §2.2 a software statement in an update', () => {
  const story = async (required = false) => {
    const server = await trusting({}, required)
    const software_statement = issuer.sign(claims)
    const client = await registered(server, { ...ordinary, software_statement })
    const update = (changes: object, at = now) => {
      const { client_id, token: bearer } = client
      const body = { ...ordinary, client_id, ...changes }
      return updateClient({ bearer, client_id, body, now: at }, server)
    }
    return { software_statement, update }
  }

  test('the registered statement holds, even when it has expired since', async () => {
    const { software_statement, update } = await story()
    const answer = await update({ software_statement, client_name: 'Mine' }, now + 86_400)
    expect(answer).toMatchObject({ client_name: 'Stated', software_statement })
  })

  test('another statement is verified', async () => {
    const { update } = await story()
    const expired = issuer.sign({ ...claims, exp: now - 30 })
    for (const software_statement of [expired, untrusted.sign(claims), 'a.b.c'])
      expect(await outcomeOf(update({ software_statement }))).toBe('invalid_software_statement')
    const software_statement = issuer.sign({ ...claims, client_name: 'Restated' })
    expect(await update({ software_statement })).toMatchObject({
      client_name: 'Restated',
      software_statement,
    })
  })

  test('a statement that is left out takes its claims with it', async () => {
    const { update } = await story()
    const answer = await update({})
    expect(answer).toMatchObject({ client_name: ordinary.client_name })
    expect(answer).not.toHaveProperty('software_statement')
    expect(answer).not.toHaveProperty('software_id')
  })

  test.each([undefined, null, ''])('a required statement has to be sent: not %j', async (none) => {
    const { software_statement, update } = await story(true)
    expect(await outcomeOf(update({ software_statement: none }))).toBe('invalid_software_statement')
    expect(await outcomeOf(update({ software_statement }))).toBe('ok')
  })
})
