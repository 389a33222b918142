import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, startApi } from '../support/api.ts'
import { signer } from '../support/signer.ts'

const issuer = signer()

let api: Api
beforeAll(async () => {
  const audience = ['https://as.example/admin']
  api = await startApi({
    settings: {
      registrationAccessToken: { rotateOn: ['read', 'update'], reuseWindow: 300 },
      accessTokenIssuers: [
        { issuer: issuer.issuer, jwks: issuer.jwks, audience, administers: true },
      ],
    },
  })
})
afterAll(() => api.service.close())

const redirect_uris = ['https://client.example/callback']

const ask = (path: string, method = 'GET', body?: unknown, bearer = api.service.masterToken) =>
  api.call(path, { method, bearer, body })

async function register(iat: object = {}, metadata: object = {}) {
  const bearer = await api.initialAccessToken({ ...iat })
  const body = { redirect_uris, ...metadata }
  const answer = await api.call('/register', { method: 'POST', bearer, body })
  expect(answer.status).toBe(201)
  const { client_id, client_secret, registration_access_token: token } = answer.body
  return {
    client_id: String(client_id),
    client_secret: String(client_secret),
    token: String(token),
    bearer,
    admin: `/clients/${client_id}`,
    own: `/register/${client_id}`,
  }
}

/** Ids of all clients that a query lists, page by page. */
async function idsOf(query: string, limit = 100): Promise<string[]> {
  const ids: string[] = []
  let cursor = ''
  do {
    const { status, body } = await ask(`/clients?limit=${limit}&${query}${cursor}`)
    expect(status).toBe(200)
    const clients = body.clients as { client_id: string }[]
    expect(clients.length).toBeLessThanOrEqual(limit)
    ids.push(...clients.map(({ client_id }) => client_id))
    cursor = body.next_cursor === undefined ? '' : `&cursor=${body.next_cursor}`
  } while (cursor !== '')
  return ids
}

describe('GET /clients', () => {
  test('pages through all clients, newest first, each once', async () => {
    const registered: string[] = []
    for (let count = 0; count < 12; count += 1)
      registered.push((await register({ sub: 'pages' })).client_id)
    const { body } = await ask('/clients?limit=100&owner=pages')
    const clients = body.clients as { client_id: string; client_id_issued_at: number }[]
    const times = clients.map(({ client_id_issued_at }) => client_id_issued_at)
    expect(times).toEqual([...times].sort((a, b) => b - a))
    for (const query of ['owner=pages', 'label=DCR', '']) {
      const paged = await idsOf(query, 5)
      expect(new Set(paged).size).toBe(paged.length)
      expect(paged).toEqual(expect.arrayContaining(registered))
    }
    expect(await idsOf('owner=pages', 5)).toEqual(clients.map(({ client_id }) => client_id))
  })

  test('finds clients by owner, software_id, initial access token, and label', async () => {
    const one = await register({ sub: 'Ädam #1' }, { software_id: 'söft#1' })
    const iat = one.bearer.split('_')[1]
    await ask(one.admin, 'PATCH', { label: 'a label' })
    for (const query of [
      `owner=${encodeURIComponent('Ädam #1')}`,
      `software_id=${encodeURIComponent('söft#1')}`,
      `initial_access_token=${iat}`,
      'label=a+label',
    ])
      expect(await idsOf(query)).toEqual([one.client_id])
    for (const query of ['owner=nobody', 'software_id=s', 'initial_access_token=x', 'label=x'])
      expect(await idsOf(query)).toEqual([])
  })

  test('finds clients by the time of their registration', async () => {
    const { client_id, admin } = await register({ sub: 'times' })
    const at = Number((await ask(admin)).body.client_id_issued_at)
    expect(await idsOf(`owner=times&created_from=${at}`)).toEqual([client_id])
    expect(await idsOf(`owner=times&created_before=${at + 1}`)).toEqual([client_id])
    expect(await idsOf(`owner=times&created_from=${at}&created_before=${at + 1}`)).toEqual([
      client_id,
    ])
    expect(await idsOf(`created_from=${at}&created_before=${at + 1}`)).toContain(client_id)
    for (const span of [
      `created_from=${at + 1}`,
      `created_before=${at}`,
      'created_before=5',
      'created_before=0',
      'created_from=9999999999',
      `created_from=${at + 1}&created_before=${at}`,
    ])
      expect(await idsOf(`owner=times&${span}`)).toEqual([])
  })

  test('finds a client by its label, which is DCR until it is given another', async () => {
    const { client_id, admin } = await register()
    expect((await ask(admin)).body.label).toBe('DCR')
    expect(await idsOf('label=DCR')).toContain(client_id)
    await ask(admin, 'PATCH', { label: 'partner' })
    expect(await idsOf('label=DCR')).not.toContain(client_id)
    expect(await idsOf('label=partner')).toEqual([client_id])
    expect(await idsOf('')).toContain(client_id)
    await ask(admin, 'PATCH', { label: null })
    expect(await idsOf('label=DCR')).toContain(client_id)
    expect(await idsOf('label=partner')).toEqual([])
    await ask(admin, 'PATCH', { label: 'partner' })
    await ask(admin, 'PATCH', { label: 'DCR' })
    expect(await idsOf('label=DCR')).toContain(client_id)
  })

  test('follows a software_id that an update changes', async () => {
    const { client_id, own, token } = await register({}, { software_id: 'before' })
    const body = { client_id, redirect_uris, software_id: 'after' }
    expect(await ask(own, 'PUT', body, token)).toMatchObject({ status: 200 })
    expect(await idsOf('software_id=before')).toEqual([])
    expect(await idsOf('software_id=after')).toEqual([client_id])
  })

  test.each([
    'color=blue',
    'Owner=alice',
    'owner=alice&label=x',
    'software_id=a&initial_access_token=b',
    'owner=',
    `owner=${'x'.repeat(256)}`,
    `owner=${'x'.repeat(4000)}`,
    'label=',
    `label=${'x'.repeat(65)}`,
    'created_from=yesterday',
    'created_from=-1',
    'created_from=1e9',
    'created_before=12345678901',
    'created_from=1&created_from=2',
    'limit=0',
    'limit=101',
    'limit=1.5',
    'cursor=nonsense',
    'cursor=',
  ])('with ?%s is invalid_request', async (query) => {
    const answer = await ask(`/clients?${query}`)
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect(answer.body.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/)
  })

  test('with a cursor beyond the time range is an empty page', async () => {
    const cursor = Buffer.from('1000000000#x').toString('base64url')
    const answer = await ask(`/clients?cursor=${cursor}&created_from=1700000000`)
    expect(answer).toMatchObject({ status: 200, body: { clients: [] } })
  })
})

describe('PATCH /clients/{client_id}', () => {
  test('disables a client, whose token is rejected and record kept, and enables it again', async () => {
    const { client_id, admin, own, token } = await register()
    const disabled = await ask(admin, 'PATCH', { disabled: true })
    expect(disabled).toMatchObject({ status: 200, body: { client_id, disabled: true } })
    expect(disabled.body.disabled_at).toBeTypeOf('number')
    const body = { client_id, redirect_uris }
    for (const [method, sent] of [['GET'], ['PUT', body], ['DELETE']] as const) {
      const answer = await ask(own, method, sent, token)
      expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
    }
    expect(await ask(admin)).toMatchObject({ status: 200, body: { disabled: true } })
    const enabled = await ask(admin, 'PATCH', { disabled: false })
    expect(enabled).toMatchObject({ status: 200, body: { disabled: false } })
    expect(enabled.body).not.toHaveProperty('disabled_at')
    expect(await ask(own, 'GET', undefined, token)).toMatchObject({ status: 200 })
  })

  test('rejects a disabled client’s earlier token inside the reuse window too', async () => {
    const { admin, own, token } = await register()
    expect(await ask(own, 'GET', undefined, token)).toMatchObject({ status: 200 })
    await ask(admin, 'PATCH', { disabled: true })
    expect(await ask(own, 'GET', undefined, token)).toMatchObject({ status: 401 })
  })

  test('labels and notes, which an update by the client leaves alone, and null removes', async () => {
    const { client_id, admin, own, token } = await register()
    const note = 'Seen on 名 2026-11-23; "asked" twice\n'
    expect(await ask(admin, 'PATCH', { label: 'x'.repeat(64), note })).toMatchObject({
      status: 200,
      body: { label: 'x'.repeat(64), note },
    })
    await ask(own, 'PUT', { client_id, redirect_uris, client_name: 'Renamed' }, token)
    expect(await ask(admin)).toMatchObject({
      body: { label: 'x'.repeat(64), note, metadata: { client_name: 'Renamed' } },
    })
    expect(await ask(admin, 'PATCH', {})).toMatchObject({ status: 200, body: { note } })
    const cleared = await ask(admin, 'PATCH', { label: null, note: null })
    expect(cleared).toMatchObject({ status: 200, body: { label: 'DCR' } })
    expect(cleared.body).not.toHaveProperty('note')
  })

  test('is not seen by the client', async () => {
    const { admin, own, token } = await register({ sub: 'alice' })
    await ask(admin, 'PATCH', { label: 'suspicious', note: 'watch this one' })
    const { body } = await ask(own, 'GET', undefined, token)
    expect(JSON.stringify(body)).not.toMatch(/suspicious|watch|alice/)
  })

  test.each([
    ['disabled', { disabled: 'true' }],
    ['disabled', { disabled: null }],
    ['label', { label: '' }],
    ['label', { label: 'x'.repeat(65) }],
    ['label', { label: 7 }],
    ['note', { note: '' }],
    ['note', { note: 'x'.repeat(1025) }],
    ['metadata', { metadata: {} }],
    ['owner', { owner: 'me' }],
    ['token_digest', { token_digest: 'x' }],
    ['__proto__', '{"__proto__":{"disabled":true}}'],
  ])('with a wrong %s is rejected by its name, and changes nothing', async (member, body) => {
    const { admin } = await register()
    const before = await ask(admin)
    const answer = await ask(admin, 'PATCH', body)
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect(answer.body.error_description).toMatch(new RegExp(`^${member}: `))
    expect((await ask(admin)).body).toEqual(before.body)
  })

  test.each([
    [{ disabled: 'yes' }, 'disabled: expected true or false'],
    [{ note: [] }, 'note: expected a string'],
    [{ owner: 'me' }, 'owner: unknown; known: disabled, stale, label, note'],
  ])(
    'with the body %j is rejected in words that say what to send',
    async (body, error_description) => {
      const { admin } = await register()
      const answer = await ask(admin, 'PATCH', body)
      expect(answer).toMatchObject({ status: 400, body: { error_description } })
    },
  )

  test('of no client is 404, and makes none', async () => {
    for (const id of ['nobody', 'x'.repeat(3000), '%00', '%E2%82%AC', '..%2f..', 'IAT%23x']) {
      for (const [method, body] of [['GET'], ['PATCH', { note: 'x' }], ['DELETE']] as const)
        expect(await ask(`/clients/${id}`, method, body)).toMatchObject({
          status: 404,
          body: { error: 'invalid_request' },
        })
      expect(await ask(`/clients/${id}/registration-access-token`, 'POST')).toMatchObject({
        status: 404,
      })
    }
  })
})

describe('DELETE /clients/{client_id}', () => {
  test('deletes a client, disabled or not', async () => {
    for (const disabled of [false, true]) {
      const { client_id, admin, own, token } = await register()
      await ask(admin, 'PATCH', { disabled })
      const deleted = await ask(admin, 'DELETE')
      expect(deleted).toMatchObject({ status: 204, body: {} })
      expect(deleted.headers.get('cache-control')).toBe('no-store')
      expect(await ask(own, 'GET', undefined, token)).toMatchObject({ status: 401 })
      expect(await ask(admin, 'DELETE')).toMatchObject({ status: 404 })
      expect(await idsOf('')).not.toContain(client_id)
    }
  })
})

describe('POST /clients/{client_id}/registration-access-token', () => {
  test('ends all older tokens, also inside a reuse window', async () => {
    const { client_id, admin, own, token } = await register()
    const { registration_access_token: second } = (await ask(own, 'GET', undefined, token)).body
    // Inside the window both are good: else their end would say nothing.
    expect(await ask(own, 'GET', undefined, token)).toMatchObject({ status: 200 })
    const reissued = await ask(`${admin}/registration-access-token`, 'POST')
    expect(reissued.status).toBe(200)
    expect(reissued.body).toEqual({
      client_id,
      registration_client_uri: `${api.service.registrationEndpoint}/${client_id}`,
      registration_access_token: expect.stringMatching(/^rat_[\w-]{64}$/),
    })
    for (const ended of [token, String(second)])
      expect(await ask(own, 'GET', undefined, ended)).toMatchObject({ status: 401 })
    const { registration_access_token: third } = reissued.body
    const read = await ask(own, 'GET', undefined, String(third))
    expect(read).toMatchObject({ status: 200, body: { client_id } })
  })

  test('of a disabled client is good only once it is enabled', async () => {
    const { admin, own } = await register()
    await ask(admin, 'PATCH', { disabled: true })
    const { body } = await ask(`${admin}/registration-access-token`, 'POST')
    const token = String(body.registration_access_token)
    expect(await ask(own, 'GET', undefined, token)).toMatchObject({ status: 401 })
    await ask(admin, 'PATCH', { disabled: false })
    expect(await ask(own, 'GET', undefined, token)).toMatchObject({ status: 200 })
  })
})

describe('the operator’s endpoints', () => {
  test('never show a secret, a token, or what is derived from them', async () => {
    const { admin, own, token, client_secret, bearer } = await register({ sub: 'secretive' })
    const { registration_access_token } = (await ask(own, 'GET', undefined, token)).body
    const answers = [
      await ask(admin),
      await ask(admin, 'PATCH', { note: 'a note' }),
      await ask('/clients?owner=secretive'),
    ]
    const text = JSON.stringify(answers.map(({ body }) => body))
    expect(text).toContain('a note')
    for (const secret of [client_secret, token, String(registration_access_token), bearer])
      expect(text).not.toContain(secret.slice(-20))
    expect(text).not.toMatch(/digest|jwe|nonce|rotation_key|write_id|rat_|iat_s/)
  })

  test('reject everybody but the operator', async () => {
    const { admin, token, bearer, client_secret } = await register()
    const now = Math.floor(Date.now() / 1000)
    const access = (claims: object) =>
      issuer.accessToken({ aud: 'https://as.example/admin', exp: now + 300, ...claims })
    const requests = [
      ['/clients', 'GET'],
      [admin, 'GET'],
      [admin, 'PATCH', { disabled: true }],
      [admin, 'DELETE'],
      [`${admin}/registration-access-token`, 'POST'],
      ['/initial-access-tokens', 'POST', {}],
      ['/initial-access-tokens', 'GET'],
    ] as const
    for (const [path, method, body] of requests) {
      const nobody = await api.call(path, { method, body })
      expect(nobody).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
      expect(nobody.headers.get('www-authenticate')).toBe('Bearer realm="client registration"')
      const expired = access({ scope: 'client-admin', exp: now - 31 })
      for (const wrong of [token, bearer, client_secret, 'a.b.c', expired])
        expect(await ask(path, method, body, wrong)).toMatchObject({ status: 401 })
      const lesser = await ask(path, method, body, access({ scope: 'client-reg client-admins' }))
      expect(lesser).toMatchObject({ status: 403, body: { error: 'insufficient_scope' } })
      const needed = path === admin && method === 'GET' ? 'clients:read' : 'client-admin'
      expect(lesser.headers.get('www-authenticate')).toContain(`scope="${needed}"`)
    }
    expect(await ask(admin)).toMatchObject({ status: 200, body: { disabled: false } })
    const operator = access({ scope: 'openid client-admin' })
    expect(await ask(admin, 'GET', undefined, operator)).toMatchObject({ status: 200 })
  })
})
