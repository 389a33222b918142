import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, startApi } from '../support/api.ts'

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.service.close())

const path = '/initial-access-tokens'
const redirect_uris = ['https://client.example/callback']

const issue = (body?: unknown) =>
  api.call(path, { method: 'POST', bearer: api.service.masterToken, body })

describe('POST /initial-access-tokens', () => {
  test("answers the body of Connect2id's document with its members, and an id", async () => {
    const { client_id } = await api.register()
    const answer = await issue({
      sub: 'hackathon-attendee-01',
      client_id,
      scope: ['client-reg'],
      audience: [api.service.registrationEndpoint],
      access_token: { lifetime: 3600, encoding: 'IDENTIFIER' },
    })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^s[0-9a-f]{20}$/),
      access_token: expect.stringMatching(/^iat_s[0-9a-f]{20}_[\w-]{43}$/),
      scope: 'client-reg',
      token_type: 'Bearer',
      expires_in: 3600,
    })
  })

  test('needs no member, and no body', async () => {
    for (const body of [undefined, {}]) {
      const answer = await issue(body)
      expect(answer).toMatchObject({
        status: 200,
        body: { scope: 'client-reg', expires_in: 86_400 },
      })
    }
  })

  test.each([
    ['sub', { sub: 1 }],
    ['client_id', { client_id: 'nobody' }],
    ['scope', { scope: 'client-reg' }],
    ['scope.0', { scope: ['a b'] }],
    ['audience', { audience: ['https://elsewhere.example'] }],
    ['access_token.lifetime', { access_token: { lifetime: 0 } }],
    ['access_token.lifetime', { access_token: { lifetime: 1.5 } }],
    ['access_token.encoding', { access_token: { encoding: 'SELF_CONTAINED' } }],
    ['max_uses', { max_uses: '2' }],
    ['max_uses', { max_uses: 2, consumed: 'never' }],
    ['consumed', { consumed: 'sometimes' }],
    ['policies', { policies: ['unknown'] }],
    ['color', { color: 'blue' }],
  ])('rejects a wrong %s by its name', async (member, body) => {
    const answer = await issue(body)
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect(answer.body.error_description).toMatch(new RegExp(`^${member}: `))
    expect(answer.body.error_description).not.toMatch(
      /nobody|elsewhere|SELF_CONTAINED|sometimes|blue/,
    )
  })

  test.each([
    [{ sub: 1 }, 'sub: expected a string'],
    [{ scope: 'client-reg' }, 'scope: expected an array'],
    [{ scope: Array(51).fill('a') }, 'scope: expected at most 50 scope tokens'],
    [{ access_token: 3600 }, 'access_token: expected an object'],
    [{ access_token: [] }, 'access_token: expected an object'],
    [{ access_token: [3600] }, 'access_token: expected an object'],
    [{ access_token: { ttl: 1 } }, 'access_token.ttl: unknown; known: lifetime, encoding'],
    [{ consumed: 'sometimes' }, 'consumed: expected on_success, on_attempt or never'],
  ])('rejects %j in words that say what to send', async (body, error_description) => {
    expect(await issue(body)).toMatchObject({ status: 400, body: { error_description } })
  })

  test('is for the operator only, as are the list and the revocation', async () => {
    const token = await api.initialAccessToken()
    for (const bearer of [undefined, 'wrong', token]) {
      const answers = await Promise.all([
        api.call(path, { method: 'POST', bearer, body: {} }),
        api.call(path, { bearer }),
        api.call(`${path}/s${'0'.repeat(20)}`, { method: 'DELETE', bearer }),
      ])
      for (const answer of answers) {
        expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
        expect(answer.headers.get('www-authenticate')).toMatch(
          /^Bearer realm="client registration"/,
        )
      }
    }
  })
})

describe('GET /initial-access-tokens', () => {
  test('pages through all tokens, newest first, showing no secret', async () => {
    const lister = await startApi()
    try {
      const bearer = lister.service.masterToken
      const issued = new Set<string>()
      for (let count = 0; count < 25; count += 1)
        issued.add(
          (await lister.initialAccessToken({ sub: `developer ${count}` })).split('_')[1] ?? '',
        )
      const listed: Record<string, unknown>[] = []
      let next = '?limit=10'
      for (let pages = 0; next !== '' && pages < 5; pages += 1) {
        const { status, body } = await lister.call(`${path}${next}`, { bearer })
        expect(status).toBe(200)
        listed.push(...(body.initial_access_tokens as Record<string, unknown>[]))
        next = body.next_cursor === undefined ? '' : `?limit=10&cursor=${body.next_cursor}`
      }
      expect(new Set(listed.map(({ id }) => id))).toEqual(issued)
      expect(listed).toHaveLength(25)
      const times = listed.map(({ issued_at }) => Number(issued_at))
      expect(times).toEqual([...times].sort((a, b) => b - a))
      expect(Object.keys(listed[0] ?? {}).sort()).toEqual([
        'consumed',
        'expires_at',
        'id',
        'issued_at',
        'max_uses',
        'scope',
        'sub',
        'uses_left',
      ])
    } finally {
      await lister.service.close()
    }
  })

  test.each(['limit=0', 'limit=101', 'limit=ten', 'cursor=nonsense'])(
    'rejects ?%s',
    async (query) => {
      const answer = await api.call(`${path}?${query}`, { bearer: api.service.masterToken })
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    },
  )
})

describe('DELETE /initial-access-tokens/{id}', () => {
  test('revokes a token, which then registers nobody, and cannot be revoked again', async () => {
    const { body } = await issue({})
    const bearer = api.service.masterToken
    const member = `${path}/${body.id}`
    expect(await api.call(member, { method: 'DELETE', bearer })).toMatchObject({ status: 204 })
    const rejected = await api.call('/register', {
      method: 'POST',
      bearer: String(body.access_token),
      body: { redirect_uris },
    })
    expect(rejected).toMatchObject({ status: 401 })
    expect(await api.call(member, { method: 'DELETE', bearer })).toMatchObject({ status: 404 })
    expect(await api.call(`${path}/x`, { method: 'DELETE', bearer })).toMatchObject({ status: 404 })
  })
})
