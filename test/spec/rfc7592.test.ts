import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, type ApiAnswer, startApi } from '../support/api.ts'

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.service.close())

const redirect_uris = ['https://client.example/callback']
/** What an answer's headers say, but for when. */
const headersOf = (answer: ApiAnswer | undefined) =>
  [...(answer?.headers ?? [])].filter(([name]) => !['date', 'apigw-requestid'].includes(name))

const fifty = Array.from({ length: 50 }, (_, index) => index)

describe('RFC 7592 §2.1 Client Read Request', () => {
  test('a read shows what is registered with the secret and repeats the token, which stays good', async () => {
    const { path, token, body } = await api.register()
    for (let count = 0; count < 2; count += 1)
      expect(await api.call(path, { bearer: token })).toMatchObject({ status: 200, body })
  })

  test('wrong token, another client’s token, unknown client and absurd client ids are one answer', async () => {
    const mine = await api.register()
    const other = await api.register()
    const gone = await api.register()
    await api.call(gone.path, { method: 'DELETE', bearer: gone.token })
    const requests: [string, string][] = [
      [mine.path, `rat_${'a'.repeat(64)}`],
      [mine.path, `rat_${'a'.repeat(43)}`],
      [gone.path, gone.token],
      [mine.path, other.token],
      ['/register/unknown', mine.token],
      [mine.path, 'not-even-a-token'],
      [`/register/${'x'.repeat(9000)}`, mine.token],
      ['/register/%00%2F%E2%82%AC', mine.token],
      [mine.path, api.service.masterToken],
    ]
    const answers = await Promise.all(requests.map(([path, bearer]) => api.call(path, { bearer })))
    for (const answer of answers) {
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toBe(
        'Bearer realm="client registration", error="invalid_token"',
      )
      expect(answer.body).toEqual(answers[0]?.body)
      expect(headersOf(answer)).toEqual(headersOf(answers[0]))
    }
    expect(await api.call(mine.path, { bearer: mine.token })).toMatchObject({ status: 200 })
    expect(await api.call(other.path, { bearer: other.token })).toMatchObject({ status: 200 })
  })
})

describe('RFC 7592 §2.2 Client Update Request', () => {
  test('metadata left out of the request, null or empty, is deleted', async () => {
    const { path, token, client_id } = await api.register({
      redirect_uris,
      client_name: 'Before',
      client_uri: 'https://client.example/',
      software_id: 's',
    })
    const body = {
      client_id,
      redirect_uris,
      client_name: 'After',
      client_uri: null,
      software_id: '',
    }
    const updated = await api.call(path, { method: 'PUT', bearer: token, body })
    expect(updated.status).toBe(200)
    expect(updated.body.client_name).toBe('After')
    expect(updated.body).not.toHaveProperty('client_uri')
    expect(updated.body).not.toHaveProperty('software_id')
    expect(updated.body.registration_access_token).not.toBe(token)
    expect(await api.call(path, { bearer: token })).toMatchObject({
      status: 401,
      body: { error: 'invalid_token' },
    })
    const read = await api.call(path, { bearer: String(updated.body.registration_access_token) })
    expect(read.body).toEqual(updated.body)
  })

  test.each([
    ['registration_access_token', 'x'],
    ['registration_client_uri', 'x'],
    ['client_secret_expires_at', 0],
    ['client_id_issued_at', 0],
    ['client_secret', 'not the issued one'],
    ['client_id', 'another'],
    ['client_id', undefined],
    ['redirect_uris', ['http://a.example/']],
  ])(
    'a request with %s = %j is rejected, changes nothing and rotates nothing',
    async (member, value) => {
      const { path, token, client_id, body } = await api.register()
      const update = { client_id, redirect_uris, client_name: 'New', [member]: value }
      const rejected = await api.call(path, { method: 'PUT', bearer: token, body: update })
      expect(rejected.status).toBe(400)
      const read = await api.call(path, { bearer: token })
      expect(read.status).toBe(200)
      expect(read.body).toEqual(body)
    },
  )

  test.each(['no JSON', '{"a":1,"a":2}', 'x'.repeat(100_000)])(
    'a token is judged before a body that is rejected: %.13s',
    async (body) => {
      const { path, token } = await api.register()
      const { token: another } = await api.register()
      for (const bearer of [undefined, `rat_${'a'.repeat(64)}`, another, 'not-even-a-token'])
        expect(await api.call(path, { method: 'PUT', bearer, body })).toMatchObject({ status: 401 })
      const rejected = await api.call(path, { method: 'PUT', bearer: token, body })
      expect([400, 413]).toContain(rejected.status)
      expect(await api.call(path, { bearer: token })).toMatchObject({ status: 200 })
    },
  )

  test('the issued client_secret may be sent, and stays', async () => {
    const { path, token, client_id, body } = await api.register()
    const { client_secret } = body
    const update = { client_id, client_secret, redirect_uris }
    const updated = await api.call(path, { method: 'PUT', bearer: token, body: update })
    expect(updated).toMatchObject({ status: 200, body: { client_secret } })
  })

  test('a client that becomes public loses its secret, and gets a new one when it is confidential again', async () => {
    const { path, token, client_id, body } = await api.register()
    const open = { client_id, redirect_uris, token_endpoint_auth_method: 'none' }
    const first = await api.call(path, { method: 'PUT', bearer: token, body: open })
    expect(first.body).not.toHaveProperty('client_secret')
    expect(first.body).not.toHaveProperty('client_secret_expires_at')
    const bearer = String(first.body.registration_access_token)
    const second = await api.call(path, {
      method: 'PUT',
      bearer,
      body: { client_id, redirect_uris },
    })
    expect(second.body.client_secret).toMatch(/^[\w-]{86}$/)
    expect(second.body.client_secret).not.toBe(body.client_secret)
  })
})

describe('RFC 7592 §2.3 Client Delete Request', () => {
  test('a deleted client is unknown', async () => {
    const { path, token } = await api.register()
    const deleted = await api.call(path, { method: 'DELETE', bearer: token })
    expect(deleted).toMatchObject({ status: 204, body: {} })
    expect(deleted.headers.get('cache-control')).toBe('no-store')
    expect(await api.call(path, { bearer: token })).toMatchObject({ status: 401 })
    expect(await api.call(path, { method: 'DELETE', bearer: token })).toMatchObject({ status: 401 })
  })
})

describe('rotation on reads', () => {
  let rotating: Api
  beforeAll(async () => {
    rotating = await startApi({
      settings: { registrationAccessToken: { rotateOn: ['read', 'update'] } },
    })
  })
  afterAll(() => rotating.service.close())

  test('a read shows what is registered with the secret and a new token, and ends the old one', async () => {
    const { path, token, body } = await rotating.register()
    const read = await rotating.call(path, { bearer: token })
    expect(read.status).toBe(200)
    const next = read.body.registration_access_token
    expect(next).not.toBe(token)
    expect(read.body).toEqual({ ...body, registration_access_token: next })
    expect(await rotating.call(path, { bearer: token })).toMatchObject({
      status: 401,
      body: { error: 'invalid_token' },
    })
    expect(await rotating.call(path, { bearer: String(next) })).toMatchObject({ status: 200 })
  })

  test('of fifty reads at once exactly one is answered without a window, twenty times', async () => {
    for (let round = 0; round < 20; round += 1) {
      const { path, token } = await rotating.register()
      const answers = await Promise.all(fifty.map(() => rotating.call(path, { bearer: token })))
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      expect(answers.filter(({ status }) => status === 401)).toHaveLength(49)
    }
  })

  test('of fifty reads at once all are answered with one and the same new token inside a window, twenty times', async () => {
    const windowed = await startApi({
      settings: { registrationAccessToken: { rotateOn: ['read', 'update'], reuseWindow: 30 } },
    })
    try {
      for (let round = 0; round < 20; round += 1) {
        const { path, token } = await windowed.register()
        const answers = await Promise.all(fifty.map(() => windowed.call(path, { bearer: token })))
        expect(answers.filter(({ status }) => status === 200)).toHaveLength(50)
        const tokens = new Set(answers.map(({ body }) => body.registration_access_token))
        expect(tokens.size).toBe(1)
        const [next] = tokens
        expect(await windowed.call(path, { bearer: String(next) })).toMatchObject({ status: 200 })
        expect(await windowed.call(path, { bearer: token })).toMatchObject({ status: 401 })
      }
    } finally {
      await windowed.service.close()
    }
  })
})
