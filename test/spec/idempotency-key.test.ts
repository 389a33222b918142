import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, type ApiAnswer, startApi } from '../support/api.ts'
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
      initialAccessToken: { static: true },
      accessTokenIssuers: [{ issuer: name, jwks, audience, singleUse: true }],
      signedRequest: { issuers: [{ issuer: name, jwks }] },
    },
  })
})
afterAll(() => api.service.close())

const metadata = { client_name: 'Repeated', redirect_uris: ['https://client.example/callback'] }

const newKey = () => `"${randomUUID()}"`

/** The service has its own clock: these JWTs are made now. */
const times = () => {
  const iat = Math.floor(Date.now() / 1000)
  return { iat, exp: iat + 300 }
}

const signed = () => issuer.sign({ aud: asIssuer, jti: randomUUID(), ...metadata, ...times() })

const post = (
  { bearer, body = metadata }: { readonly bearer?: string; readonly body?: object | string },
  headers: Record<string, string>,
) => {
  const type = typeof body === 'string' ? 'application/jwt' : 'application/json'
  return api.call('/register', {
    method: 'POST',
    bearer,
    body,
    headers: { 'content-type': type, ...headers },
  })
}

/** Repeats a request until it is not 503, as its sender does. */
async function postPersistently(...request: Parameters<typeof post>): Promise<ApiAnswer> {
  for (;;) {
    const answer = await post(...request)
    if (answer.status !== 503) return answer
    await setTimeout(Number(answer.headers.get('retry-after')) * 1_000)
  }
}

/** How many clients there are by now. */
async function countClients(): Promise<number> {
  const { body } = await api.call('/clients?limit=100', { bearer: api.service.masterToken })
  if (body.next_cursor !== undefined) throw new Error('more clients than one page')
  return (body.clients as unknown[]).length
}

type Request = Parameters<typeof post>[0]

const kinds: readonly [string, () => Promise<Request>][] = [
  ['without a token', async () => ({})],
  ...(['on_success', 'on_attempt', 'never'] as const).map(
    (consumed) =>
      [
        `with a token consumed ${consumed}`,
        async () => ({ bearer: await api.initialAccessToken({ consumed }) }),
      ] as [string, () => Promise<Request>],
  ),
  ['with a single-use access token', async () => ({ bearer: issuer.accessToken(times()) })],
  ['with the master token', async () => ({ bearer: api.service.masterToken })],
  ['with a signed body', async () => ({ body: signed() })],
  [
    'with a signed body and a token',
    async () => ({ bearer: await api.initialAccessToken(), body: signed() }),
  ],
]

describe('a registration with an Idempotency-Key', () => {
  test.each(kinds)(
    '%s registers one client for fifty requests at once, and answers all of them alike',
    async (_, prepare) => {
      const request = await prepare()
      const headers = { 'idempotency-key': newKey() }
      const before = await countClients()
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => postPersistently(request, headers)),
      )
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]))
      const body: ApiAnswer['body'] = answers[0]?.body ?? {}
      expect(body).toMatchObject({
        client_id: expect.any(String),
        client_secret: expect.any(String),
        registration_access_token: expect.stringMatching(/^rat_/),
      })
      for (const answer of answers) expect(answer.body).toEqual(body)
      expect(await countClients()).toBe(before + 1)

      const { registration_client_uri, registration_access_token } = body
      const path = new URL(String(registration_client_uri)).pathname
      const read = await api.call(path, { bearer: String(registration_access_token) })
      expect(read).toMatchObject({ status: 200, body: { client_id: body.client_id } })
    },
  )

  test('of fifty requests with different bodies registers one, and the others are 422', async () => {
    const bearer = await api.initialAccessToken({ consumed: 'never' })
    const headers = { 'idempotency-key': newKey() }
    const before = await countClients()
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, count) =>
        postPersistently(
          { bearer, body: { ...metadata, client_name: `Number ${count}` } },
          headers,
        ),
      ),
    )
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(49)
    expect(await countClients()).toBe(before + 1)
  })

  test('of another body under the same key is 422, and consumes nothing', async () => {
    const bearer = await api.initialAccessToken({ max_uses: 2 })
    const headers = { 'idempotency-key': newKey() }
    const first = await post({ bearer }, headers)
    const other = await post({ bearer, body: { ...metadata, client_name: 'Other' } }, headers)
    expect(other.status).toBe(422)
    expect(other.body).toEqual({
      error: 'invalid_request',
      error_description:
        'this Idempotency-Key was used for another request; send that one unchanged, or another key',
    })
    expect((await post({ bearer }, headers)).body).toEqual(first.body)
    expect((await post({ bearer }, { 'idempotency-key': newKey() })).status).toBe(201)
    expect((await post({ bearer }, { 'idempotency-key': newKey() })).status).toBe(401)
  })

  test('is the same with the key in quotes and without', async () => {
    const bearer = await api.initialAccessToken()
    const key = randomUUID()
    const quoted = await post({ bearer }, { 'idempotency-key': `"${key}"` })
    const bare = await post({ bearer }, { 'idempotency-key': key })
    expect([quoted.status, bare.status]).toEqual([201, 201])
    expect(bare.body).toEqual(quoted.body)
  })

  test.each([
    ['is empty', ''],
    ['has 15 characters', '"123456789012345"'],
    ['has 256 characters', `"${'k'.repeat(256)}"`],
    ['has a space', '"1234567890 1234567890"'],
    ['has no closing quote', '"12345678901234567890'],
    ['is sent twice', '"12345678901234567890", "12345678901234567890"'],
    ['is sent twice without quotes', '12345678901234567890,12345678901234567890'],
    ['has a parameter', '"12345678901234567890";a=1'],
    ['has a backslash before a letter', '"1234567890\\a1234567890"'],
    ['is not ASCII', '"1234567890123456789é"'],
  ])('whose key %s is 400, and consumes nothing', async (_, key) => {
    const bearer = await api.initialAccessToken()
    const rejected = await post({ bearer }, { 'idempotency-key': key })
    expect(rejected.status).toBe(400)
    expect(rejected.body).toMatchObject({
      error: 'invalid_request',
      error_description: expect.stringContaining('16 to 255 visible ASCII characters'),
    })
    expect((await post({ bearer }, {})).status).toBe(201)
  })

  test('of 16 or 255 characters, with a comma and quotes in it, is accepted', async () => {
    for (const key of [`"${'k'.repeat(16)}"`, `"${'k'.repeat(255)}"`, '"a,\\"b\\\\;01234567890"']) {
      const bearer = await api.initialAccessToken()
      const first = await post({ bearer }, { 'idempotency-key': key })
      expect(first.status).toBe(201)
      expect((await post({ bearer }, { 'idempotency-key': key })).body).toEqual(first.body)
    }
  })

  test('logs that it is repeated, and counts one registration', async () => {
    const bearer = await api.initialAccessToken()
    const key = newKey()
    const from = api.log.length
    const { body } = await post({ bearer }, { 'idempotency-key': key })
    await post({ bearer }, { 'idempotency-key': key })
    const lines = () =>
      api.log.slice(from).filter((line) => line.includes('"operation":"register"'))
    const requests = () =>
      lines()
        .map((line) => JSON.parse(line))
        .filter(({ message }) => message === 'request')
    // A Lambda's log arrives after its response, and not always in order.
    await expect.poll(() => requests().length).toBe(2)
    const repeated = { repeated: true, client_id: body.client_id, status: 201 }
    expect(requests().filter((request) => 'repeated' in request)).toMatchObject([repeated])
    expect(lines().filter((line) => line.includes('"Registrations":1'))).toHaveLength(1)
    expect(api.log.slice(from).join('\n')).not.toContain(key.slice(1, -1))
  })
})
