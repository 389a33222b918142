import { createHmac, randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import type { Api, ApiAnswer } from '../support/api.ts'
import { administered, issuing, managed, ordinary, read, register, serve, update } from './seed.ts'

const audience = 'https://as.example'
const [issuer, publisher, untrusted] = await Promise.all([
  issuing({ audience }),
  issuing({ alg: 'PS256' }),
  issuing(),
])
const byUri = { issuer: issuer.issuer, jwksUri: issuer.jwksUri }
const byValue = { issuer: publisher.issuer, jwks: publisher.jwks }
const issuers = [byUri, byValue]
const secureauth: SettingsInput = {
  profile: 'secureauth',
  // A token without jti is terminated too, as below.
  accessTokenIssuers: [{ ...byUri, audience: [audience], singleUse: true, requireJti: false }],
}

const [api, open, brief, stated, signed, combined] = await Promise.all([
  serve(secureauth),
  serve({
    profile: 'secureauth',
    registration: 'dynamic',
    policies: ['default-members', 'allowed-redirect-hosts'],
    policySettings: { 'allowed-redirect-hosts': { hosts: ['.example', 'example.com'] } },
  }),
  serve({
    profile: 'secureauth',
    registration: 'dynamic',
    registrationAccessToken: { lifetime: 2 },
  }),
  serve({
    profile: 'secureauth',
    registration: 'dynamic',
    softwareStatement: { required: true, issuers },
  }),
  serve({
    profile: 'secureauth',
    registration: 'dynamic',
    signedRequest: { required: true, issuers },
  }),
  serve({
    ...secureauth,
    softwareStatement: { required: true, issuers },
    signedRequest: { required: true, issuers },
  }),
])

const permitted = async (claims: Parameters<typeof issuer.accessToken>[0] = {}) => ({
  bearer: await issuer.accessToken({ scope: 'dcr_register', ...claims }),
})

const jwtBody = (type = 'application/jwt') => ({ headers: { 'content-type': type } })

/** The claims that a signed request has beside the metadata. */
const about = ({ service }: Api) => ({ aud: service.registrationEndpoint, jti: randomUUID() })

/** A JWT with this header and these claims, and whatever is its signature. */
const forged = (header: object, claims: object, signature: string) =>
  [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .concat(signature)
    .join('.')

/** The sample request of the seed document, as it is. */
const sample = {
  client_name: 'Sample web client',
  grant_types: ['authorization_code'],
  response_types: ['code'],
  redirect_url: ['https://example.com/callback'],
}

describe('SecureAuth', () => {
  test('C1–C3 the endpoint is anonymous only where dynamic is said', async () => {
    expect(await register(api)).toMatchObject({ status: 401 })
    expect(await register(open)).toMatchObject({ status: 201 })
  })

  test('C4 the policy is evaluated at every registration and update', async () => {
    const elsewhere = { redirect_uris: ['https://client.test/callback'] }
    const rejected = { status: 400, body: { error: 'invalid_redirect_uri' } }
    expect(await register(open, elsewhere)).toMatchObject(rejected)
    const registered = await register(open)
    expect(registered.status).toBe(201)
    expect(await update(open, registered, elsewhere)).toMatchObject(rejected)
  })

  test('C5–C6 a token with scope dcr_register admits, without it none does', async () => {
    expect(await register(api, ordinary, await permitted())).toMatchObject({ status: 201 })
    const other = await register(api, ordinary, await permitted({ scope: 'openid' }))
    expect(other).toMatchObject({ status: 403, body: { error: 'insufficient_scope' } })
    expect(other.headers.get('www-authenticate')).toContain('scope="dcr_register"')
  })

  test.each([
    ['another audience', { aud: 'https://other.example' }, {}],
    ['no audience', { aud: undefined }, {}],
    ['no expiry', { exp: undefined }, {}],
    ['expired', { exp: 1_000_000_000 }, {}],
    ['not valid yet', { nbf: 4_000_000_000 }, {}],
    ['of another type', {}, { typ: 'JWT' }],
    ['bound to a key', { cnf: { jkt: 'x' } }, {}],
  ])('C5–C6 an access token is rejected: %s', async (_, claims, header) => {
    const bearer = await issuer.accessToken({ scope: 'dcr_register', ...claims }, header)
    expect(await register(api, ordinary, { bearer })).toMatchObject({
      status: 401,
      body: { error: 'invalid_token' },
    })
  })

  test('C7 the token is terminated by a registration', async () => {
    const token = await permitted()
    expect(await register(api, ordinary, token)).toMatchObject({ status: 201 })
    expect(await register(api, ordinary, token)).toMatchObject({
      status: 401,
      body: { error: 'invalid_token' },
    })
  })

  test.each([
    [{ redirect_uris: ['http://client.example/callback'] }, 400],
    [{ redirect_uris: 'no list' }, 400],
    ['{', 400],
  ])('C7 a failed registration leaves the token usable: %j', async (body, status) => {
    const token = await permitted()
    for (let count = 0; count < 2; count += 1)
      expect(await register(api, body, token)).toMatchObject({ status })
    expect(await register(api, ordinary, token)).toMatchObject({ status: 201 })
  })

  test.each([
    ['a jti', {}],
    ['no jti', { jti: undefined }],
  ])(
    'C7 of 100 concurrent registrations with one token that has %s exactly one is 201',
    async (_, claims) => {
      const token = await permitted({ sub: `racer-${Object.keys(claims)}`, ...claims })
      const failed = await register(api, { redirect_uris: ['no URI'] }, token)
      expect(failed.status).toBe(400)
      const answers = await Promise.all(
        Array.from({ length: 100 }, () => register(api, ordinary, token)),
      )
      const statuses = answers.map(({ status }) => status).sort()
      expect(statuses).toEqual([201, ...Array.from({ length: 99 }, () => 401)])
    },
  )

  test('C8–C9 a statement is mandatory, its claims win, and it is returned unmodified', async () => {
    expect(await register(stated)).toMatchObject({
      status: 400,
      body: { error: 'invalid_software_statement' },
    })
    for (const signer of [issuer, publisher]) {
      const claims = { client_name: 'By its publisher', software_id: 'statement-1' }
      const software_statement = await signer.sign(claims)
      const answer = await register(stated, {
        ...ordinary,
        client_name: 'By itself',
        software_statement,
      })
      expect(answer).toMatchObject({ status: 201, body: { ...claims, software_statement } })
    }
  })

  test('C8–C9 an update repeats the statement, whose claims win again', async () => {
    const software_statement = await publisher.sign({ client_name: 'By its publisher' })
    const metadata = { ...ordinary, software_statement }
    const registered = await register(stated, metadata)
    expect(await update(stated, registered, ordinary)).toMatchObject({
      status: 400,
      body: { error: 'invalid_software_statement' },
    })
    const updated = await update(stated, registered, { ...metadata, client_name: 'By itself' })
    expect(updated).toMatchObject({ status: 200, body: { client_name: 'By its publisher' } })
  })

  const inAnHour = { exp: Math.floor(Date.now() / 1000) + 3600 }
  const rejectedStatements: [string, () => string | Promise<string>][] = [
    ['expired', () => issuer.sign({ exp: 1_000_000_000 })],
    ['not valid yet', () => issuer.sign({ nbf: 4_000_000_000 })],
    ['of an issuer that is not trusted', () => untrusted.sign({})],
    ['by the key of another trusted issuer', () => publisher.sign({ iss: issuer.issuer })],
    ['by an unknown key', () => untrusted.sign({ iss: issuer.issuer })],
    ['with a critical header', () => issuer.sign({}, { crit: ['x'], x: 1 })],
    ['an access token', () => issuer.accessToken()],
    ['unsigned', () => forged({ alg: 'none' }, { iss: issuer.issuer, ...inAnHour }, '')],
    ['too long', () => issuer.sign({ client_name: 'x'.repeat(17_000) })],
    ['no JWT', () => 'a.b.c'],
    [
      'by an HMAC with a public key',
      () => {
        const text = forged({ alg: 'HS256' }, { iss: publisher.issuer, ...inAnHour }, 'x').slice(
          0,
          -2,
        )
        const key = JSON.stringify(publisher.jwks.keys[0])
        return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`
      },
    ],
  ]
  test.each(rejectedStatements)('C8–C9 a statement is rejected: %s', async (_, sign) => {
    const answer = await register(stated, { ...ordinary, software_statement: await sign() })
    expect(answer.status).toBe(400)
    expect(answer.body.error).toMatch(/^(invalid|unapproved)_software_statement$/)
  })

  test.each(['application/jwt', 'application/jose'])(
    'C10 the claims of a signed body of type %s are the metadata',
    async (type) => {
      for (const signer of [issuer, publisher]) {
        const body = await signer.sign({ ...about(signed), ...ordinary, client_name: 'Signed' })
        const answer = await register(signed, body, jwtBody(type))
        expect(answer).toMatchObject({ status: 201, body: { ...ordinary, client_name: 'Signed' } })
        expect(answer.body).not.toHaveProperty('iss')
      }
    },
  )

  test('C10 a body that is not signed is rejected', async () => {
    expect(await register(signed)).toMatchObject({ status: 415 })
  })

  test('C10 a signed body is accepted once', async () => {
    const body = await issuer.sign({ ...about(signed), ...ordinary })
    expect(await register(signed, body, jwtBody())).toMatchObject({ status: 201 })
    expect(await register(signed, body, jwtBody())).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    })
  })

  test('C10 an update is signed too, and accepted once', async () => {
    const body = await issuer.sign({ ...about(signed), ...ordinary })
    const registered = await register(signed, body, jwtBody())
    const { uri, client_id, token } = managed(registered)
    expect(await update(signed, registered, ordinary)).toMatchObject({ status: 415 })
    const metadata = { ...ordinary, client_id, client_name: 'Signed again' }
    const change = await issuer.sign({ ...about(signed), ...metadata })
    const put = (bearer: string) =>
      signed.call(uri, { method: 'PUT', bearer, body: change, ...jwtBody() })
    const updated = await put(token)
    expect(updated).toMatchObject({ status: 200, body: { client_name: 'Signed again' } })
    expect(await put(managed(updated).token)).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    })
  })

  const rejectedRequests: [string, () => Promise<string>][] = [
    ['for another audience', () => issuer.sign({ ...about(api), ...ordinary })],
    ['without audience', () => issuer.sign({ ...ordinary })],
    ['expired', () => issuer.sign({ ...about(signed), ...ordinary, exp: 1_000_000_000 })],
    ['without expiry', () => issuer.sign({ ...about(signed), ...ordinary, exp: undefined })],
    ['of an issuer that is not trusted', () => untrusted.sign({ ...about(signed), ...ordinary })],
    ['no JWT', async () => JSON.stringify(ordinary)],
  ]
  test.each(rejectedRequests)('C10 a signed body is rejected: %s', async (_, sign) => {
    expect(await register(signed, await sign(), jwtBody())).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    })
  })

  test('C11 access token, software statement and signed body are all demanded at once', async () => {
    const software_statement = await publisher.sign({ client_name: 'By its publisher' })
    const token = await permitted()
    const sign = (metadata: object) => issuer.sign({ ...about(combined), ...ordinary, ...metadata })
    const attempts: [object | string, object, number][] = [
      [{ ...ordinary, software_statement }, token, 415],
      [await sign({}), { ...token, ...jwtBody() }, 400],
      [await sign({ software_statement }), jwtBody(), 401],
      [await sign({ software_statement }), { ...token, ...jwtBody() }, 201],
      [await sign({ software_statement }), { ...token, ...jwtBody() }, 401],
    ]
    for (const [body, request, status] of attempts)
      expect(await register(combined, body, request)).toMatchObject({ status })
  })

  test('C12 the registration endpoint is found by discovery', async () => {
    const { body } = await api.call('/.well-known/openid-configuration')
    expect(body.registration_endpoint).toBe(`${api.service.url}/oauth2/register`)
  })

  test('C14 the sample request registers the client that it describes', async () => {
    const { redirect_url, ...others } = sample
    const answer = await register(api, sample, await permitted())
    expect(answer).toMatchObject({ status: 201, body: { ...others, redirect_uris: redirect_url } })
    expect(answer.body).not.toHaveProperty('redirect_url')
  })

  test('C14 two names of one member that disagree are rejected', async () => {
    const answer = await register(open, { ...sample, ...ordinary })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } })
  })

  test('C16 the answer has credentials, the granted default scopes, and when the token expires', async () => {
    const { body } = await register(api, sample, await permitted())
    expect(body).toMatchObject({
      client_id: expect.any(String),
      client_secret: expect.any(String),
      scopes: ['email', 'openid', 'profile'],
      scope: 'email openid profile',
      registration_access_token: expect.any(String),
      registration_access_token_expires_in: expect.any(Number),
    })
    const asked = await register(api, { ...sample, scopes: ['openid'] }, await permitted())
    expect(asked.body).toMatchObject({ scopes: ['openid'], scope: 'openid' })
  })

  test('C17 the registration access token lasts 30 days', async () => {
    const { body } = await register(api, ordinary, await permitted())
    expect(body.registration_access_token_expires_in).toBe(30 * 86_400)
  })

  test('C17 an expired registration access token is rejected', async () => {
    const registered = await register(brief)
    expect(registered.body.registration_access_token_expires_in).toBe(2)
    await setTimeout(3_000)
    const { uri, token } = managed(registered)
    for (const method of ['GET', 'DELETE'])
      expect(await brief.call(uri, { method, bearer: token })).toMatchObject({
        status: 401,
        body: { error: 'invalid_token' },
      })
  })

  test('C18, C20 a client is fetched, modified and deleted at its own URL', async () => {
    const registered = await register(api, sample, await permitted())
    const { uri, client_id } = managed(registered)
    expect(uri).toBe(`${api.service.url}/oauth2/register/${client_id}`)
    const fetched = await read(api, registered)
    expect(fetched).toMatchObject({ status: 200, body: { client_name: 'Sample web client' } })
    const modified = await update(api, fetched, { ...sample, client_name: 'Modified' })
    expect(modified).toMatchObject({ status: 200, body: { client_name: 'Modified' } })
    const { token } = managed(modified)
    expect(await api.call(uri, { method: 'DELETE', bearer: token })).toMatchObject({ status: 204 })
    expect(await api.call(uri, { bearer: token })).toMatchObject({ status: 401 })
  })

  test('C18, C20 what a fetch returned can be sent back', async () => {
    const fetched = await read(api, await register(api, sample, await permitted()))
    const {
      client_id_issued_at: _issued,
      client_secret_expires_at: _expires,
      registration_access_token: _token,
      registration_client_uri: _uri,
      ...returned
    } = fetched.body
    const modified = await update(api, fetched, returned)
    expect(modified).toMatchObject({
      status: 200,
      body: { scopes: ['email', 'openid', 'profile'] },
    })
  })

  test('C18, C20 the token of another client, or none, reaches nothing', async () => {
    const [mine, another] = await Promise.all([register(open), register(open)])
    const { uri } = managed(mine)
    for (const bearer of [undefined, managed(another).token, open.service.masterToken])
      expect(await open.call(uri, { bearer })).toMatchObject({ status: 401 })
    expect(await read(open, mine)).toMatchObject({ status: 200 })
  })

  test('C19 administrators see the application, labelled DCR, and no secret of it', async () => {
    const sub = 'application-of-c19'
    const registered = await register(api, sample, await permitted({ sub }))
    expect(await administered(api, registered)).toMatchObject({ label: 'DCR', owner: sub })
    const { client_id, client_id_issued_at } = registered.body
    const query = `label=DCR&created_from=${client_id_issued_at}&limit=100`
    const listed = await api.call(`/clients?${query}`, { bearer: api.service.masterToken })
    const applications = listed.body.clients as { readonly client_id: string }[]
    expect(applications.map((application) => application.client_id)).toContain(client_id)
    const listing = JSON.stringify(listed.body)
    expect(listing).not.toContain(registered.body.client_secret)
    expect(listing).not.toMatch(/rat_|digest|jwe/)
    expect(await api.call('/clients')).toMatchObject({ status: 401 })
  })

  test('C19 an application that an administrator disables is rejected until it is enabled', async () => {
    const registered = await register(api, sample, await permitted())
    const path = `/clients/${registered.body.client_id}`
    const change = (body: object) =>
      api.call(path, { method: 'PATCH', bearer: api.service.masterToken, body })
    expect(await change({ disabled: true })).toMatchObject({ status: 200 })
    expect(await read(api, registered)).toMatchObject({ status: 401 })
    expect(await change({ disabled: false })).toMatchObject({ status: 200 })
    expect(await read(api, registered)).toMatchObject({ status: 200 })
  })

  test('C21 a read answers with the secret in clear and a new token', async () => {
    const registered = await register(api, sample, await permitted())
    const fetched = await read(api, registered)
    expect(fetched.body.client_secret).toBe(registered.body.client_secret)
    expect(managed(fetched).token).not.toBe(managed(registered).token)
  })

  test.each<[string, (earlier: ApiAnswer) => Promise<ApiAnswer>]>([
    ['fetch', (earlier) => read(api, earlier)],
    ['modification', (earlier) => update(api, earlier, sample)],
  ])('C22 a %s rotates the token and terminates all previous ones', async (_, rotate) => {
    const first = await register(api, sample, await permitted())
    const second = await rotate(first)
    const third = await rotate(second)
    expect(third.status).toBe(200)
    for (const previous of [first, second])
      expect(await read(api, previous)).toMatchObject({
        status: 401,
        body: { error: 'invalid_token' },
      })
    expect(await read(api, third)).toMatchObject({ status: 200 })
  })
})
