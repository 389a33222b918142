import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, startApi } from '../support/api.ts'
import { signer } from '../support/signer.ts'

const issuer = signer()
const asIssuer = 'https://as.example'

let api: Api
beforeAll(async () => {
  const { issuer: name, jwks } = issuer
  const audience = [`${asIssuer}/register`]
  api = await startApi({
    settings: {
      issuer: asIssuer,
      registration: 'dynamic',
      accessTokenIssuers: [{ issuer: name, jwks, audience, singleUse: true }],
      signedRequest: { issuers: [{ issuer: name, jwks }] },
    },
  })
})
afterAll(() => api.service.close())

const metadata = { client_name: 'Tried', redirect_uris: ['https://client.example/callback'] }

/** What the registration of the metadata has beyond what was sent, without credentials and times. */
const defaults = {
  application_type: 'web',
  token_endpoint_auth_method: 'client_secret_basic',
  grant_types: ['authorization_code'],
  response_types: ['code'],
}

type Request = { readonly bearer?: string; readonly body?: object | string }

const post = ({ bearer, body = metadata }: Request, path = '/register') => {
  const type = typeof body === 'string' ? 'application/jwt' : 'application/json'
  return api.call(path, { method: 'POST', bearer, body, headers: { 'content-type': type } })
}

const dryRun = (request: Request) => post(request, '/register?dry_run=true')

const times = () => {
  const iat = Math.floor(Date.now() / 1000)
  return { iat, exp: iat + 300 }
}

const kinds: readonly [string, () => Promise<Request>][] = [
  ['without a token', async () => ({})],
  ...(['on_success', 'on_attempt', 'never'] as const).map(
    (consumed): [string, () => Promise<Request>] => [
      `with a token consumed ${consumed}`,
      async () => ({ bearer: await api.initialAccessToken({ consumed }) }),
    ],
  ),
  ['with a single-use access token', async () => ({ bearer: issuer.accessToken(times()) })],
  ['with the master token', async () => ({ bearer: api.service.masterToken })],
  [
    'with a signed body',
    async () => ({
      body: issuer.sign({ aud: asIssuer, jti: randomUUID(), ...metadata, ...times() }),
    }),
  ],
]

const clients = async () => (await api.call('/clients', { bearer: api.service.masterToken })).body

describe('a registration with dry_run=true', () => {
  test.each(kinds)(
    '%s responds with what would be registered, and consumes nothing',
    async (_, prepare) => {
      const request = await prepare()
      const before = await clients()
      for (const _ of [1, 2]) {
        const { status, headers, body } = await dryRun(request)
        expect(status).toBe(200)
        expect(headers.get('cache-control')).toBe('no-store')
        expect(body).toEqual({ ...metadata, ...defaults })
      }
      expect(await clients()).toEqual(before)
      const { status, body } = await post(request, '/register?dry_run=false')
      expect(status).toBe(201)
      expect(body).toMatchObject({ ...metadata, ...defaults })
    },
  )

  test('sends no request that writes, and counts no registration', async () => {
    const bearer = await api.initialAccessToken({ consumed: 'on_attempt' })
    const isDryRun = (line: string) => line.includes('"dry_run":true')
    const before = api.log.filter(isDryRun).length
    const from = api.log.length
    await dryRun({ bearer })
    // A Lambda's log arrives after its response.
    await expect.poll(() => api.log.filter(isDryRun).length).toBe(before + 1)
    const lines = api.log.slice(from).join('\n')
    const line = api.log.findLast(isDryRun) ?? '{}'
    expect(JSON.parse(line)).toMatchObject({
      operation: 'register',
      outcome: 'ok',
      dry_run: true,
      dynamodb_round_trips: 1,
      registration_method: 'initial_access_token',
    })
    expect(JSON.parse(line)).not.toHaveProperty('consumed')
    for (const metric of ['Registrations', 'InitialAccessTokensConsumed'])
      expect(lines).not.toContain(`"${metric}":1`)
  })

  test('is rejected like a registration, and a rejection consumes no use on the attempt', async () => {
    const bearer = await api.initialAccessToken({ consumed: 'on_attempt' })
    const body = { redirect_uris: ['http://client.example/'] }
    expect(await dryRun({ bearer, body })).toMatchObject({
      status: 400,
      body: { error: 'invalid_redirect_uri' },
    })
    expect((await post({ bearer })).status).toBe(201)
    expect(await dryRun({ bearer })).toMatchObject({
      status: 401,
      body: { error: 'invalid_token' },
    })
    expect(await dryRun({ bearer: 'unknown' })).toMatchObject({ status: 401 })
    expect(await dryRun({ body: { ...metadata, trusted: true } })).toMatchObject({ status: 401 })
  })

  test('does not use up an Idempotency-Key', async () => {
    const headers = { 'idempotency-key': randomUUID() }
    const request = { method: 'POST', bearer: api.service.masterToken, body: metadata, headers }
    expect((await api.call('/register?dry_run=true', request)).status).toBe(200)
    expect(
      (await api.call('/register', { ...request, body: { ...metadata, client_name: 'X' } })).status,
    ).toBe(201)
  })

  test.each(['', '1', 'TRUE', 'yes', 'true&dry_run=true', 'false&dry_run=true'])(
    'with dry_run=%s is 400, and consumes nothing',
    async (value) => {
      const bearer = await api.initialAccessToken()
      expect(await post({ bearer }, `/register?dry_run=${value}`)).toMatchObject({
        status: 400,
        body: { error: 'invalid_request', error_description: 'dry_run: expected true or false' },
      })
      expect((await post({ bearer })).status).toBe(201)
    },
  )
})
