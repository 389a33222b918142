import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Api, ApiAnswer } from '../support/api.ts'
import { administered, managed, ordinary, read, register, serve, update } from './seed.ts'

const dataDirectory = mkdtempSync(join(tmpdir(), 'seeds-'))
afterAll(() => rmSync(dataDirectory, { recursive: true }))

const shared = { stage: 'connect2id', dataDirectory }
const api = await serve({ profile: 'connect2id' }, shared)
/** The same table behind another issuer and another endpoint. */
const elsewhere = await serve(
  { profile: 'connect2id', issuer: 'https://elsewhere.example', registrationPath: '/elsewhere' },
  shared,
)

/** Step 1 of the seed document, as it is. */
const proforma = {
  grant_types: [],
  token_endpoint_auth_method: 'none',
  client_name: 'Initial reg token client',
}
let proformaClient: ApiAnswer
beforeAll(async () => {
  proformaClient = await register(api, proforma, { bearer: api.service.masterToken })
})

/** Step 2, as it is but for the names. */
const issue = (body: object = {}, { call, service }: Api = api) =>
  call('/initial-access-tokens', {
    method: 'POST',
    bearer: service.masterToken,
    body: {
      sub: 'hackathon-attendee-01',
      client_id: proformaClient.body.client_id,
      scope: ['client-reg'],
      audience: [service.registrationEndpoint],
      access_token: { lifetime: 86_400, encoding: 'IDENTIFIER' },
      ...body,
    },
  })

const issued = async (body: object = {}) => ({
  bearer: String((await issue(body)).body.access_token),
})

/** Step 3, as it is. */
const developer = { redirect_uris: ['https://example.com/cb'], client_name: 'Hello world client' }

const invalidToken = { status: 401, body: { error: 'invalid_token' } }
const invalidMetadata = { status: 400, body: { error: 'invalid_client_metadata' } }

describe('Connect2id', () => {
  test('D1–D3 the master token registers a client without grants, and nobody else does', async () => {
    expect(proformaClient).toMatchObject({ status: 200, body: proforma })
    expect(await issue()).toMatchObject({ status: 200 })
    expect(await register(api, proforma, await issued())).toMatchObject(invalidMetadata)
    expect(await issue({ client_id: 'nobody' })).toMatchObject({ status: 400 })
  })

  test('D5 a registration answers 200, never to be stored', async () => {
    const registered = await register(api, developer, await issued())
    const rejected = await register(api, developer)
    for (const { headers } of [proformaClient, registered, rejected, await read(api, registered)]) {
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('pragma')).toBe('no-cache')
      expect(headers.get('content-type')).toBe('application/json')
    }
    expect([registered.status, rejected.status]).toEqual([200, 401])
  })

  test('D6 a public client without grants is answered without secret and response types', async () => {
    const { client_id, registration_client_uri, client_id_issued_at } = proformaClient.body
    expect(client_id_issued_at).toBeCloseTo(Date.now() / 1000, -2)
    expect(registration_client_uri).toBe(`${api.service.url}/c2id/clients/${client_id}`)
    expect(proformaClient.body).toMatchObject({
      registration_access_token: expect.any(String),
      grant_types: [],
      response_types: [],
    })
    expect(proformaClient.body).not.toHaveProperty('client_secret')
    expect(proformaClient.body).not.toHaveProperty('client_secret_expires_at')
    expect(await read(api, proformaClient)).toMatchObject({ status: 200, body: proforma })
  })

  test('D7–D8 the operator issues a token with this very body', async () => {
    const answer = await issue()
    expect(answer.status).toBe(200)
    const bearer = String(answer.body.access_token)
    const registered = await register(api, developer, { bearer })
    expect(registered).toMatchObject({ status: 200, body: developer })
    expect(await administered(api, registered)).toMatchObject({
      owner: 'hackathon-attendee-01',
      initial_access_token: answer.body.id,
    })
  })

  test('D9 the answer has the token, its scope, its type and when it expires', async () => {
    const { body } = await issue()
    expect(body).toEqual({
      id: expect.any(String),
      access_token: expect.any(String),
      scope: 'client-reg',
      token_type: 'Bearer',
      expires_in: 86_400,
    })
  })

  const code = ['authorization_code']
  const machine = ['client_credentials']
  test.each([
    [['client-reg'], [...code, 'refresh_token'], [...code, 'refresh_token']],
    [['client-reg'], machine, machine],
    [['client-reg:grant:code'], code, code],
    [['client-reg:grant:code'], undefined, code],
    [['client-reg:grant:code'], [...code, 'refresh_token', ...machine], code],
    [['client-reg:grant:code'], machine, undefined],
    [
      ['client-reg:grant:authorization_code', 'client-reg:grant:refresh_token'],
      [...code, 'refresh_token'],
      [...code, 'refresh_token'],
    ],
    [['client-reg:grant:client_credentials'], undefined, machine],
    [['client-reg:grant:client_credentials'], code, undefined],
  ])('D10 scope %j, asked for %j, is given the grants %j', async (scope, asked, given) => {
    const metadata = { ...developer, ...(asked && { grant_types: asked }) }
    const answer = await register(api, metadata, await issued({ scope }))
    expect(answer).toMatchObject(
      given === undefined ? invalidMetadata : { status: 200, body: { grant_types: given } },
    )
  })

  test.each([
    [undefined, 'openid profile'],
    ['openid', 'openid'],
    ['openid email', 'openid'],
    ['email', undefined],
  ])('D10 the default scope is locked too: asked for %j it is %j', async (asked, given) => {
    const scope = ['client-reg:scope:openid', 'client-reg:scope:profile']
    const metadata = { ...developer, ...(asked && { scope: asked }) }
    const answer = await register(api, metadata, await issued({ scope }))
    expect(answer).toMatchObject(
      given === undefined ? invalidMetadata : { status: 200, body: { scope: given } },
    )
  })

  test.each(['openid', 'client-regx', 'client-reg:anything', 'client-reg:grant:'])(
    'D10 scope %s registers nothing',
    async (scope) => {
      const answer = await register(api, developer, await issued({ scope: [scope] }))
      expect(answer).toMatchObject({ status: 403, body: { error: 'insufficient_scope' } })
    },
  )

  test('D11 a token for another audience is not issued', async () => {
    for (const audience of [['https://other.example'], [api.service.url, 'https://other.example']])
      expect(await issue({ audience })).toMatchObject({
        status: 400,
        body: { error: 'invalid_request' },
      })
  })

  test('D11 the audience is the issuer or the registration endpoint', async () => {
    for (const audience of [[api.service.url], [api.service.registrationEndpoint]])
      expect(await register(api, developer, await issued({ audience }))).toMatchObject({
        status: 200,
      })
  })

  test('D11 a token is rejected where its audience is another', async () => {
    expect(await register(elsewhere, developer, await issued())).toMatchObject(invalidToken)
    const body = { audience: ['https://elsewhere.example'] }
    const { body: token } = await issue(body, elsewhere)
    const bearer = String(token.access_token)
    expect(await register(api, developer, { bearer })).toMatchObject(invalidToken)
  })

  test('D12 the lifetime bounds the window in which to register', async () => {
    const lifetime = { access_token: { lifetime: 2, encoding: 'IDENTIFIER' } }
    const answer = await issue(lifetime)
    expect(answer.body.expires_in).toBe(2)
    expect(await register(api, developer, await issued(lifetime))).toMatchObject({ status: 200 })
    await setTimeout(3_000)
    const bearer = String(answer.body.access_token)
    expect(await register(api, developer, { bearer })).toMatchObject(invalidToken)
  })

  test('D13 a token is good for one registration only', async () => {
    const token = await issued()
    expect(await register(api, developer, token)).toMatchObject({ status: 200 })
    expect(await register(api, developer, token)).toMatchObject(invalidToken)
  })

  test.each([
    [{ redirect_uris: ['http://example.com/cb'] }, 'invalid_redirect_uri'],
    [{ ...ordinary, client_name: 17 }, 'invalid_client_metadata'],
  ])('D13 a token is consumed even when the registration fails: %j', async (metadata, error) => {
    const token = await issued()
    expect(await register(api, metadata, token)).toMatchObject({ status: 400, body: { error } })
    expect(await register(api, developer, token)).toMatchObject(invalidToken)
  })

  test('D13 what is not even a request consumes nothing', async () => {
    const token = await issued()
    const text = { ...token, headers: { 'content-type': 'text/plain' } }
    expect(await register(api, developer, text)).toMatchObject({ status: 415 })
    expect(await register(api, '{', token)).toMatchObject({ status: 400 })
    expect(await register(api, developer, token)).toMatchObject({ status: 200 })
  })

  test('D13 of 100 concurrent registrations with one token exactly one succeeds', async () => {
    const token = await issued()
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => register(api, developer, token)),
    )
    const statuses = answers.map(({ status }) => status).sort()
    expect(statuses).toEqual([200, ...Array.from({ length: 99 }, () => 401)])
  })

  test('D15–D16 an update modifies what the token allowed, and gains no grant', async () => {
    const token = await issued({ scope: ['client-reg:grant:code'] })
    const registered = await register(api, developer, token)
    const renamed = await update(api, registered, { ...developer, client_name: 'Renamed' })
    expect(renamed).toMatchObject({ status: 200, body: { client_name: 'Renamed' } })
    const narrowed = await update(api, renamed, {
      ...developer,
      grant_types: ['authorization_code', 'refresh_token', 'password', 'client_credentials'],
    })
    expect(narrowed).toMatchObject({ status: 200, body: { grant_types: code } })
    for (const grant_types of [machine, ['password'], ['refresh_token'], []])
      expect(await update(api, narrowed, { ...developer, grant_types })).toMatchObject(
        invalidMetadata,
      )
    const left = await update(api, narrowed, { redirect_uris: developer.redirect_uris })
    expect(left).toMatchObject({ status: 200, body: { grant_types: code } })
    expect(managed(left).token).not.toBe(managed(narrowed).token)
  })

  test('D15–D16 no update gains a scope', async () => {
    const token = await issued({ scope: ['client-reg:scope:openid', 'client-reg:scope:email'] })
    let answer = await register(api, { ...developer, scope: 'openid' }, token)
    for (const [asked, given] of [
      ['openid email admin', 'openid email'],
      ['openid', 'openid'],
      [undefined, 'openid email'],
    ]) {
      answer = await update(api, answer, { ...developer, ...(asked && { scope: asked }) })
      expect(answer).toMatchObject({ status: 200, body: { scope: given } })
    }
    const rejected = await update(api, answer, { ...developer, scope: 'admin' })
    expect(rejected).toMatchObject(invalidMetadata)
  })
})
