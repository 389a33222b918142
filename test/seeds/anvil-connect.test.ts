import { describe, expect, test } from 'vitest'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { administered, clientsOf, issuing, ordinary, register, serve, update } from './seed.ts'

const issuer = await issuing({ audience: 'anvil' })
const anvil: SettingsInput = {
  profile: 'anvil-connect',
  accessTokenIssuers: [
    { issuer: issuer.issuer, audience: ['anvil'], jwksUri: issuer.jwksUri, singleUse: false },
  ],
}

const [dynamic, token, scoped, configured] = await Promise.all([
  serve({ ...anvil, registration: 'dynamic' }, { stage: 'dev' }),
  serve({ ...anvil, registration: 'token' }, { stage: 'staging' }),
  serve(anvil, { stage: 'prod' }),
  serve({ ...anvil, registration: 'dynamic', trustedRegistrationScope: 'register' }),
])
const modes = [
  ['dynamic', dynamic],
  ['token', token],
  ['scoped', scoped],
] as const

const trusted = { ...ordinary, trusted: true }
const withScope = async (scope: string) => ({ bearer: await issuer.accessToken({ scope }) })

describe('Anvil Connect', () => {
  test('A1 each mode admits fewer requests than the one before', async () => {
    const requests = [{}, await withScope('profile'), await withScope('realm')]
    const admitted = modes.map(async ([, api]) => {
      const answers = await Promise.all(requests.map((request) => register(api, ordinary, request)))
      return answers.map(({ status }) => status)
    })
    expect(await Promise.all(admitted)).toEqual([
      [201, 201, 201],
      [403, 201, 201],
      [403, 403, 201],
    ])
  })

  test('A2 where no mode is set, a token without the scope is rejected', async () => {
    expect(await register(scoped, ordinary, await withScope('profile'))).toMatchObject({
      status: 403,
      body: { error: 'insufficient_scope' },
    })
  })

  test('A3 each stage serves its own settings', async () => {
    const stages = modes.map(async ([, api]) => (await register(api)).status)
    expect(await Promise.all(stages)).toEqual([201, 403, 403])
    const names = modes.map(([, { service }]) => service.tableName.split('-')[1])
    expect(names).toEqual(['dev', 'staging', 'prod'])
  })

  test('A4 in dynamic mode any party registers without a credential', async () => {
    const answer = await register(dynamic)
    expect(answer).toMatchObject({ status: 201, body: ordinary })
    expect(await administered(dynamic, answer)).not.toHaveProperty('owner')
  })

  test.each(modes)(
    'A5 a bearer token is read in mode %s, and rejected if invalid',
    async (_, api) => {
      expect(await register(api, ordinary, await withScope('realm'))).toMatchObject({ status: 201 })
      const forged = await issuer.accessToken({ scope: 'realm', iss: 'https://other.example' })
      const expired = await issuer.accessToken({ scope: 'realm', exp: 1_000_000_000 })
      for (const bearer of ['unknown', forged, expired])
        expect(await register(api, ordinary, { bearer })).toMatchObject({
          status: 401,
          body: { error: 'invalid_token' },
        })
    },
  )

  test.each(modes)('A6 in mode %s the client belongs to the user for life', async (mode, api) => {
    const sub = `user-of-${mode}`
    const bearer = await issuer.accessToken({ sub, scope: 'realm' })
    const registered = await register(api, ordinary, { bearer })
    expect(await administered(api, registered)).toMatchObject({ owner: sub })
    await update(api, registered, { ...ordinary, client_name: 'Renamed', owner: 'another' })
    expect(await administered(api, registered)).toMatchObject({
      owner: sub,
      metadata: { client_name: 'Renamed' },
    })
    expect(await clientsOf(api, sub)).toHaveLength(1)
  })

  test.each(modes)('A7–A9 in mode %s a trusted client needs the scope', async (_, api) => {
    const rejected = await register(api, trusted, await withScope('profile'))
    expect(rejected).toMatchObject({ status: 403, body: { error: 'insufficient_scope' } })
    expect(rejected.headers.get('www-authenticate')).toContain('scope="realm"')
    expect(await register(api, trusted, await withScope('realm'))).toMatchObject({
      status: 201,
      body: { trusted: true },
    })
  })

  test('A7–A9 no client becomes trusted by an update', async () => {
    const registered = await register(dynamic)
    expect(await update(dynamic, registered, trusted)).toMatchObject({
      status: 403,
      body: { error: 'insufficient_scope' },
    })
  })

  test.each(['true', 1, 'yes'])('A7–A9 trusted: %j is not a way around it', async (value) => {
    const answer = await register(dynamic, { ...ordinary, trusted: value })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } })
  })

  test('A10–A11 the scope of a trusted registration is realm, or the configured one', async () => {
    const statuses = [dynamic, configured].map(async (api) => [
      (await register(api, trusted, await withScope('realm'))).status,
      (await register(api, trusted, await withScope('register'))).status,
    ])
    expect(await Promise.all(statuses)).toEqual([
      [201, 403],
      [403, 201],
    ])
  })

  test('A12–A13 in token mode a valid token is mandatory, and the trusted rule applies', async () => {
    expect(await register(token)).toMatchObject({ status: 403 })
    expect(await register(token, ordinary, await withScope(''))).toMatchObject({ status: 201 })
    expect(await register(token, trusted, await withScope(''))).toMatchObject({ status: 403 })
    expect(await register(token, trusted, await withScope('realm'))).toMatchObject({ status: 201 })
  })

  test('A12–A13 an initial access token of the operator is a valid token too', async () => {
    const bearer = await token.initialAccessToken({ sub: 'user-by-operator' })
    expect(await register(token, ordinary, { bearer })).toMatchObject({ status: 201 })
  })

  test('A14 in scoped mode every registration needs the prescribed scope', async () => {
    const rejected = await register(scoped, ordinary, await withScope('openid realms'))
    expect(rejected).toMatchObject({ status: 403, body: { error: 'insufficient_scope' } })
    expect(rejected.headers.get('www-authenticate')).toContain('scope="realm"')
    const bearer = await withScope('openid realm')
    expect(await register(scoped, ordinary, bearer)).toMatchObject({ status: 201 })
  })

  const asked = { trusted, 'not trusted': ordinary }
  test.each([
    ['not trusted', 'no token', [201, 403, 403]],
    ['trusted', 'no token', [403, 403, 403]],
    ['not trusted', 'a token', [201, 201, 403]],
    ['trusted', 'a token', [403, 403, 403]],
    ['trusted', 'a token with the scope', [201, 201, 201]],
    ['not trusted', 'a token with the scope', [201, 201, 201]],
  ] as const)('A15 %s, %s: %j in the modes dynamic, token, scoped', async (ask, sent, expected) => {
    const request =
      sent === 'no token' ? {} : await withScope(sent === 'a token' ? 'profile' : 'realm')
    const answers = await Promise.all(modes.map(([, api]) => register(api, asked[ask], request)))
    expect(answers.map(({ status }) => status)).toEqual(expected)
  })

  test('A16 a rejection for want of a token is 403, and still says what is missing', async () => {
    const rejected = await register(scoped)
    expect(rejected).toMatchObject({ status: 403, body: { error: 'invalid_token' } })
    expect(rejected.headers.get('www-authenticate')).toBe('Bearer realm="client registration"')
  })

  test('A17 a token registers as many clients as its user wants', async () => {
    const bearer = await issuer.accessToken({ sub: 'user-of-many', scope: 'realm' })
    for (let count = 0; count < 3; count += 1)
      expect(await register(scoped, ordinary, { bearer })).toMatchObject({ status: 201 })
    expect(await clientsOf(scoped, 'user-of-many')).toHaveLength(3)
  })
})
