import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { clientsOf, managed, ordinary, read, register, serve, update } from './seed.ts'

const dataDirectory = mkdtempSync(join(tmpdir(), 'seeds-'))
afterAll(() => rmSync(dataDirectory, { recursive: true }))

const profile = 'oidc-provider'
/** Two deployments on one table: the second has the team's own extensions, and admits anyone. */
const api = await serve({ profile }, { stage: 'oidc', dataDirectory })
const [extended, fixed, disabled] = await Promise.all([
  serve(
    { profile, registration: 'dynamic' },
    { stage: 'oidc', dataDirectory, extensions: join(import.meta.dirname, 'extensions') },
  ),
  serve({
    profile,
    initialAccessToken: { static: true },
    registrationAccessToken: { issue: false, rotateOn: [] },
  }),
  serve({ profile, registration: 'disabled' }),
])

const withPolicies = async (...policies: string[]) => ({
  bearer: await extended.initialAccessToken({ policies }),
})

describe('oidc-provider, features.registration', () => {
  test('B1 the metadata of OpenID Connect registration is registered beside that of RFC 7591', async () => {
    const metadata = {
      ...ordinary,
      client_name: 'My client',
      'client_name#ja-Jpan-JP': 'クライアント名',
      logo_uri: 'https://client.example/logo.png',
      application_type: 'web',
      subject_type: 'public',
      id_token_signed_response_alg: 'RS256',
      default_max_age: 3600,
      require_auth_time: true,
      initiate_login_uri: 'https://client.example/login',
      software_id: '4NRB1-0XZABZI9E6-5SM3R',
    }
    expect(await register(extended, metadata)).toMatchObject({ status: 201, body: metadata })
    const discovered = await api.call('/.well-known/openid-configuration')
    expect(discovered.body.registration_endpoint).toBe(api.service.registrationEndpoint)
  })

  test('B3–B4 where the feature is off there is no endpoint, and none is discovered', async () => {
    const bearer = await disabled.initialAccessToken()
    for (const request of [{}, { bearer }, { bearer: disabled.service.masterToken }])
      expect(await register(disabled, ordinary, request)).toMatchObject({ status: 404 })
    const { body } = await disabled.call('/.well-known/openid-configuration')
    expect(body).not.toHaveProperty('registration_endpoint')
  })

  test('B5 a client identifier has 21 URL-safe characters, or is what the generator returns', async () => {
    const standard = await api.register()
    expect(standard.client_id).toMatch(/^[A-Za-z0-9_-]{21}$/)
    const own = await register(extended)
    expect(own.body.client_id).toMatch(/^app\.[0-9a-f-]{36}$/)
    expect(await read(extended, own)).toMatchObject({ status: 200 })
  })

  test('B6–B8 an initial access token is required, unless anyone may register', async () => {
    expect(await register(api)).toMatchObject({ status: 401 })
    expect(await register(fixed)).toMatchObject({ status: 401 })
    expect(await register(extended)).toMatchObject({ status: 201 })
  })

  test('B6–B8 one static string admits, and no other', async () => {
    const bearer = fixed.service.staticInitialAccessToken ?? ''
    expect(bearer).toMatch(/^\w{32,}$/)
    for (let count = 0; count < 2; count += 1)
      expect(await register(fixed, ordinary, { bearer })).toMatchObject({ status: 201 })
    for (const wrong of [`${bearer}x`, bearer.slice(1)])
      expect(await register(fixed, ordinary, { bearer: wrong })).toMatchObject({ status: 401 })
    expect(await register(api, ordinary, { bearer })).toMatchObject({ status: 401 })
  })

  test('B9 the operator creates a stored token and receives its value', async () => {
    const issued = await api.call('/initial-access-tokens', {
      method: 'POST',
      bearer: api.service.masterToken,
      body: {},
    })
    expect(issued).toMatchObject({ status: 200, body: { access_token: expect.any(String) } })
    const bearer = String(issued.body.access_token)
    expect(await register(api, ordinary, { bearer })).toMatchObject({ status: 201 })
    const byNobody = await api.call('/initial-access-tokens', { method: 'POST', bearer, body: {} })
    expect(byNobody).toMatchObject({ status: 401 })
  })

  test('B10 a registration access token is issued always', async () => {
    const { body } = await api.register()
    expect(body).toMatchObject({ registration_access_token: expect.stringMatching(/^rat_/) })
  })

  test('B10 a registration access token is never issued, and there is no configuration endpoint to call', async () => {
    const bearer = fixed.service.staticInitialAccessToken
    const { body } = await register(fixed, ordinary, { bearer })
    expect(body).not.toHaveProperty('registration_access_token')
    expect(body).not.toHaveProperty('registration_client_uri')
  })

  test.each([
    ['client_secret_basic', true],
    ['none', false],
  ])(
    'B10 a registration access token is issued as a policy decides: %s %j',
    async (method, issues) => {
      const bearer = await withPolicies('token-for-confidential-clients')
      const metadata = { ...ordinary, token_endpoint_auth_method: method }
      const { status, body } = await register(extended, metadata, bearer)
      expect(status).toBe(201)
      expect('registration_access_token' in body).toBe(issues)
    },
  )

  test.each([
    [['sign-a', 'sign-b', 'sign-c'], 'abc'],
    [['sign-c', 'sign-b', 'sign-a'], 'cba'],
    [['sign-b'], 'b'],
  ])('B11–B15 policies %j run one by one in that order', async (policies, client_name) => {
    const answer = await register(extended, ordinary, await withPolicies(...policies))
    expect(answer).toMatchObject({ status: 201, body: { client_name } })
  })

  test('B11–B15 policies run before the ordinary validation', async () => {
    const bearer = await withPolicies('callback-given')
    const saved = await register(extended, { redirect_uris: ['not a URI'] }, bearer)
    expect(saved).toMatchObject({
      status: 201,
      body: { redirect_uris: ['https://given.example/callback'] },
    })
    const judged = await register(extended, { client_name: 17 }, bearer)
    expect(judged).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } })
  })

  test('B16 the policies of the token govern every later update', async () => {
    const registered = await register(extended, ordinary, await withPolicies('sign-b', 'no-logo'))
    const updated = await update(extended, registered, { ...ordinary, client_name: 'x' })
    expect(updated).toMatchObject({ status: 200, body: { client_name: 'xb' } })
    const logo_uri = 'https://client.example/logo.png'
    const rejected = await update(extended, updated, { ...ordinary, logo_uri })
    expect(rejected).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } })
    const again = await update(extended, updated, { ...ordinary, client_name: 'y' })
    expect(again).toMatchObject({ status: 200, body: { client_name: 'yb' } })
  })

  test('B17–B18 a policy sets a default, and forces a value', async () => {
    const bearer = await withPolicies('default-contact', 'forced-software')
    const silent = await register(extended, ordinary, bearer)
    expect(silent.body).toMatchObject({
      contacts: ['team@client.example'],
      software_id: 'forced',
    })
    const own = { contacts: ['me@client.example'], software_id: 'mine' }
    const outspoken = await register(extended, { ...ordinary, ...own }, bearer)
    expect(outspoken.body).toMatchObject({ contacts: own.contacts, software_id: 'forced' })
  })

  test('B17–B18 a policy rejects with its own message', async () => {
    const metadata = { ...ordinary, logo_uri: 'https://client.example/logo.png' }
    expect(await register(extended, metadata, await withPolicies('no-logo'))).toMatchObject({
      status: 400,
      body: {
        error: 'invalid_client_metadata',
        error_description: 'logo_uri: this team shows no logos',
      },
    })
  })

  test('B17–B18 a policy that fails is a logged fault, not an open door', async () => {
    const broken = await register(extended, ordinary, await withPolicies('broken-by-mistake'))
    expect(broken).toMatchObject({ status: 500, body: { error: 'server_error' } })
    expect(JSON.stringify(broken.body)).not.toContain('mistake')
    expect(extended.log.join('\n')).toContain('a mistake in the policy')
    const late = await register(extended, ordinary, await withPolicies('never-done'))
    expect(late).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } })
  })

  test('B19 a token that names a policy which no longer exists is 500, logged, and registers nothing', async () => {
    const sub = 'owner-of-b19'
    const bearer = await extended.initialAccessToken({ sub, policies: ['sign-a'] })
    const answer = await register(api, ordinary, { bearer })
    expect(answer).toMatchObject({ status: 500, body: { error: 'server_error' } })
    expect(JSON.stringify(answer.body)).not.toContain('sign-a')
    expect(api.log.join('\n')).toContain('policy sign-a does not exist')
    expect(await clientsOf(api, sub)).toEqual([])
    expect(await register(extended, ordinary, { bearer })).toMatchObject({ status: 201 })
  })

  test('B19 a token with an unknown policy is not even issued', async () => {
    const answer = await api.call('/initial-access-tokens', {
      method: 'POST',
      bearer: api.service.masterToken,
      body: { policies: ['sign-a'] },
    })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })

  test('B20 the last policy gives later updates another list of policies', async () => {
    const bearer = await withPolicies('sign-c', 'names-frozen-later')
    const registered = await register(extended, { ...ordinary, client_name: 'x' }, bearer)
    expect(registered.body).toMatchObject({ client_name: 'xc' })
    const rejected = await update(extended, registered, { ...ordinary, client_name: 'y' })
    expect(rejected.body.error_description).toBe('client_name: it is frozen')
    const updated = await update(extended, registered, ordinary)
    expect(updated.status).toBe(200)
    expect(updated.body).not.toHaveProperty('client_name')
  })

  test('B22 a secret has 64 random bytes in base64url, or is what the generator returns', async () => {
    const { body } = await api.register()
    expect(Buffer.from(String(body.client_secret), 'base64url')).toHaveLength(64)
    expect(body.client_secret).toMatch(/^[A-Za-z0-9_-]{86}$/)
    const own = await register(extended)
    expect(own.body.client_secret).toMatch(/^secret_[0-9a-f]{128}$/)
    const shown = await read(extended, own)
    expect(shown.body.client_secret).toBe(own.body.client_secret)
  })

  test('B23 an initial access token is not consumed', async () => {
    const bearer = await api.initialAccessToken()
    for (let count = 0; count < 3; count += 1)
      expect(await register(api, ordinary, { bearer })).toMatchObject({ status: 201 })
  })

  test('B23 the registration access token rotates on update only', async () => {
    const bearer = await api.initialAccessToken()
    const registered = await register(api, ordinary, { bearer })
    const { token } = managed(registered)
    const shown = await read(api, registered)
    expect(shown).toMatchObject({ status: 200, body: { registration_access_token: token } })
    const updated = await update(api, registered, ordinary)
    expect(updated.status).toBe(200)
    expect(managed(updated).token).not.toBe(token)
    expect(await read(api, registered)).toMatchObject({ status: 401 })
    expect(await read(api, updated)).toMatchObject({ status: 200 })
  })
})
