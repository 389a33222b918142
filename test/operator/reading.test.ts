import { UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { clientKey } from '../../lib/adapters/dynamodb/table.ts'
import { type Api, type ApiRequest, startApi } from '../support/api.ts'
import { type Signer, signer } from '../support/signer.ts'

const audience = 'https://as.example/clients'
const reader = signer('https://reader.example')
const onceReader = signer('https://once.example')
const administrator = signer('https://administrator.example')
const other = signer('https://other.example')

let api: Api
beforeAll(async () => {
  const trust = ({ issuer, jwks }: Signer) => ({ issuer, jwks, audience: [audience] })
  api = await startApi({
    settings: {
      log: { level: 'debug' },
      accessTokenIssuers: [
        { ...trust(reader), reads: true },
        { ...trust(onceReader), reads: true, singleUse: true },
        { ...trust(administrator), administers: true },
        trust(other),
      ],
    },
  })
})
afterAll(() => api.service.close())

/** An access token that is good now. */
function tokenOf(issuer: Signer, scope = 'clients:read'): string {
  const iat = Math.floor(Date.now() / 1000)
  return issuer.accessToken({ aud: audience, scope, iat, exp: iat + 300 })
}

const read = (client_id: string, request: ApiRequest = {}) =>
  api.call(`/clients/${client_id}`, { bearer: tokenOf(reader), ...request })

const check = (client_id: string, body: unknown, request: ApiRequest = {}) => {
  const path = `/clients/${client_id}/secret-check`
  return api.call(path, { method: 'POST', bearer: tokenOf(reader), body, ...request })
}

const operator = (path: string, method = 'GET', body?: unknown) =>
  api.call(path, { method, bearer: api.service.masterToken, body })

const confidential = { redirect_uris: ['https://client.example/callback'] }
const open = { ...confidential, token_endpoint_auth_method: 'none' }

async function registered(metadata: object = confidential) {
  const { client_id, body, ...others } = await api.register({ ...metadata })
  return { client_id, client_secret: String(body.client_secret), ...others }
}

describe('an access token with the read scope', () => {
  test.each([
    ['that may read', reader],
    ['that may administer', administrator],
  ])('reads a client as the operator does, from an issuer %s', async (_, issuer) => {
    const { client_id } = await registered()
    const shown = await operator(`/clients/${client_id}`)
    const answer = await read(client_id, { bearer: tokenOf(issuer) })
    expect(answer).toMatchObject({ status: 200, body: { client_id, disabled: false } })
    expect(answer.body).toEqual(shown.body)
  })

  test.each([
    ['GET', '/clients', undefined, 'client-admin'],
    ['PATCH', '/clients/{client_id}', { disabled: true }, 'client-admin'],
    ['DELETE', '/clients/{client_id}', undefined, 'client-admin'],
    ['POST', '/clients/{client_id}/registration-access-token', undefined, 'client-admin'],
    ['POST', '/initial-access-tokens', {}, 'client-admin'],
    ['GET', '/initial-access-tokens', undefined, 'client-admin'],
    ['DELETE', '/initial-access-tokens/s0123456789abcdef0123', undefined, 'client-admin'],
    ['POST', '/register', confidential, 'client-reg'],
  ])('is rejected by %s %s, which names the scope that it needs', async (...request) => {
    const [method, path, body, scope] = request
    const { client_id } = await registered()
    for (const issuer of [reader, onceReader, administrator]) {
      const sent = { method, body, bearer: tokenOf(issuer) }
      const answer = await api.call(path.replace('{client_id}', client_id), sent)
      expect(answer).toMatchObject({ status: 403, body: { error: 'insufficient_scope' } })
      expect(answer.headers.get('www-authenticate')).toBe(
        `Bearer realm="client registration", error="insufficient_scope", scope="${scope}"`,
      )
    }
    expect(await read(client_id)).toMatchObject({ status: 200, body: { disabled: false } })
  })

  test('is no registration access token', async () => {
    const { path } = await registered()
    expect(await api.call(path, { bearer: tokenOf(reader) })).toMatchObject({ status: 401 })
  })

  test('does not count where its issuer may neither read nor administer', async () => {
    const { client_id, client_secret } = await registered()
    const bearer = tokenOf(other, 'clients:read client-admin')
    expect(await read(client_id, { bearer })).toMatchObject({ status: 401 })
    expect(await check(client_id, { client_secret }, { bearer })).toMatchObject({ status: 401 })
  })

  test('is what a client cannot register for itself', async () => {
    const { client_id } = await registered({ ...confidential, scope: 'openid clients:read' })
    const { metadata } = (await read(client_id)).body
    expect(metadata).toMatchObject({ scope: 'openid' })
  })

  test('serves one read or one check where it is for single use', async () => {
    const { client_id, client_secret } = await registered()
    const body = { client_secret }
    for (const [first, second] of [
      [read, check],
      [check, read],
    ] as const) {
      const bearer = tokenOf(onceReader)
      const ask = (request: typeof read | typeof check) =>
        request === check ? check(client_id, body, { bearer }) : read(client_id, { bearer })
      expect(await check(client_id, {}, { bearer })).toMatchObject({ status: 400 })
      expect(await ask(first)).toMatchObject({ status: 200 })
      expect(await ask(second)).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
    }
  })
})

describe('an access token without the read scope', () => {
  test('is rejected by a read and a check, which name the scope that they need', async () => {
    const { client_id, client_secret } = await registered()
    for (const [issuer, scope] of [
      [reader, 'openid'],
      [reader, 'clients:reader'],
      [reader, 'client-admin'],
      [administrator, 'client-reg'],
    ] as const) {
      const bearer = tokenOf(issuer, scope)
      for (const answer of [
        await read(client_id, { bearer }),
        await check(client_id, { client_secret }, { bearer }),
      ]) {
        expect(answer).toMatchObject({ status: 403, body: { error: 'insufficient_scope' } })
        expect(answer.headers.get('www-authenticate')).toContain('scope="clients:read"')
      }
    }
  })

  test('administers nothing by the admin scope of an issuer that may only read', async () => {
    const bearer = tokenOf(reader, 'client-admin clients:read')
    const { client_id } = await registered()
    for (const [path, method] of [
      ['/clients', 'GET'],
      [`/clients/${client_id}`, 'DELETE'],
    ] as const) {
      const answer = await api.call(path, { method, bearer })
      expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
    }
    expect(await read(client_id, { bearer })).toMatchObject({ status: 200 })
  })
})

/** Changes the stored client, as time or another setting would have. */
async function store(client_id: string, UpdateExpression: string, values?: object) {
  const documents = documentClient({ endpoint: api.service.dynamodbEndpoint })
  await documents.send(
    new UpdateCommand({
      TableName: api.service.tableName,
      Key: clientKey(client_id),
      UpdateExpression,
      ...(values && { ExpressionAttributeValues: { ...values } }),
    }),
  )
  documents.destroy()
}

describe('POST /clients/{client_id}/secret-check', () => {
  const hour = 3600
  const inAnHour = Math.floor(Date.now() / 1000) + hour
  const expiresAt = (time: number) => (client_id: string) =>
    store(client_id, 'SET client_secret_expires_at = :time', { ':time': time })

  test.each<[string, (client_id: string) => Promise<unknown>]>([
    ['encrypted', async () => {}],
    ['as a digest', (client_id) => store(client_id, 'REMOVE secret_jwe')],
    ['until later', expiresAt(inAnHour)],
  ])('is true for the secret that is stored %s, and for no other', async (_, change) => {
    const { client_id, client_secret } = await registered()
    const { client_secret: another } = await registered()
    await change(client_id)
    expect((await check(client_id, { client_secret })).body).toEqual({ valid: true })
    for (const wrong of [another, `${client_secret}x`, client_secret.slice(1), '', 'Zoë\u0000'])
      expect(await check(client_id, { client_secret: wrong })).toMatchObject({
        status: 200,
        body: { valid: false },
      })
  })

  test.each<[string, (client_id: string) => Promise<unknown>]>([
    ['expired', expiresAt(inAnHour - 2 * hour)],
    ['stored without a time of expiry', (id) => store(id, 'REMOVE client_secret_expires_at')],
    ['removed', (client_id) => store(client_id, 'REMOVE secret_jwe, secret_digest')],
    ['of a disabled client', (id) => operator(`/clients/${id}`, 'PATCH', { disabled: true })],
    ['of a deleted client', (id) => operator(`/clients/${id}`, 'DELETE')],
  ])('is false for a secret that is %s', async (_, change) => {
    const { client_id, client_secret } = await registered()
    expect((await check(client_id, { client_secret })).body).toEqual({ valid: true })
    await change(client_id)
    const answer = await check(client_id, { client_secret })
    expect(answer).toMatchObject({ status: 200, body: { valid: false } })
  })

  test('is true again for the secret of a client that is enabled again', async () => {
    const { client_id, client_secret } = await registered()
    for (const disabled of [true, false]) {
      await operator(`/clients/${client_id}`, 'PATCH', { disabled })
      expect((await check(client_id, { client_secret })).body).toEqual({ valid: !disabled })
    }
  })

  test('is false for a client that is public, unknown, or impossible', async () => {
    const { client_id } = await registered(open)
    for (const id of [client_id, 'nobody', 'x'.repeat(3000), '%00', 'IAT%23x'])
      for (const client_secret of ['', 'undefined', 'a guess'])
        expect(await check(id, { client_secret })).toMatchObject({
          status: 200,
          body: { valid: false },
        })
  })

  test('is answered to the operator too, and to nobody without a token', async () => {
    const { client_id, client_secret } = await registered()
    for (const bearer of [api.service.masterToken, tokenOf(administrator, 'client-admin')])
      expect((await check(client_id, { client_secret }, { bearer })).body).toEqual({ valid: true })
    const answer = await check(client_id, { client_secret }, { bearer: undefined })
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
  })

  test.each([
    ['{"client_secret":', 'the request body is not JSON'],
    ['["a-secret"]', 'the request body is not a JSON object'],
    [{}, 'client_secret: expected a value'],
    [{ client_secret: null }, 'client_secret: expected a string'],
    [{ client_secret: ['a-secret'] }, 'client_secret: expected a string'],
    [{ client_secret: 'a-secret', client_id: 'x' }, 'client_id: unknown; known: client_secret'],
  ])('with the body %j is rejected in words that say what to send', async (body, expected) => {
    const { client_id } = await registered()
    const answer = await check(client_id, body)
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect(answer.body.error_description).toBe(expected)
    const text = await check(client_id, body, { headers: { 'content-type': 'text/plain' } })
    expect(text.status).toBe(415)
  })

  /** The log lines of one check: those about DynamoDB, and the line of the request. */
  async function linesOf(client_id: string, client_secret: string) {
    const before = api.log.length
    await check(client_id, { client_secret })
    return vi.waitFor(() => {
      const lines = api.log.slice(before).flatMap(parsed)
      const request = lines.find(({ operation }) => operation === 'client.secret_check')
      if (request === undefined) throw new Error('the request is not logged yet')
      const of = lines.filter(({ request_id }) => request_id === request.request_id)
      return { request, commands: of.flatMap(({ command }) => command ?? []) }
    })
  }

  test('sends the same one request to DynamoDB, whether the secret is right or wrong or there is none', async () => {
    const { client_id, client_secret } = await registered()
    const { client_id: without } = await registered(open)
    const { client_id: disabled, ...its } = await registered()
    await operator(`/clients/${disabled}`, 'PATCH', { disabled: true })
    for (const [id, secret] of [
      [client_id, client_secret],
      [client_id, 'a guess'],
      [without, 'a guess'],
      [disabled, its.client_secret],
      ['nobody', 'a guess'],
    ] as const)
      expect((await linesOf(id, secret)).commands).toEqual(['GetItemCommand'])
  })

  test('does not log whether the secret is right', async () => {
    const { client_id, client_secret } = await registered()
    const changing = {
      duration_ms: 0,
      dynamodb_ms: 0,
      request_id: '',
      lambda_request_id: '',
      timestamp: '',
      _aws: {}, // with another timestamp
      DynamoDBTime: 0,
    }
    const [right, wrong] = [await linesOf(client_id, client_secret), await linesOf(client_id, 'x')]
    expect(right.request).toMatchObject({ client_id, outcome: 'ok', operator: 'alice' })
    expect({ ...wrong.request, ...changing }).toEqual({ ...right.request, ...changing })
  })
})

function parsed(line: string): Record<string, unknown>[] {
  try {
    return [JSON.parse(line)]
  } catch {
    return []
  }
}

describe('GET /clients/{client_id} with If-None-Match', () => {
  const conditional = (client_id: string, tag: string) =>
    read(client_id, { headers: { 'if-none-match': tag } })

  const tagOf = async (client_id: string) => (await read(client_id)).headers.get('etag') ?? ''

  test('is 304 without a body while the copy is current, which may be kept and must be asked about', async () => {
    const { client_id } = await registered()
    const first = await read(client_id)
    const etag = first.headers.get('etag') ?? ''
    expect(etag).toMatch(/^"[\w-]{43}"$/)
    for (const tag of [etag, `W/${etag}`, `"other", W/"another",${etag}`, '*']) {
      const answer = await conditional(client_id, tag)
      expect(answer).toMatchObject({ status: 304, body: {} })
      expect(answer.headers.get('etag')).toBe(etag)
      for (const { headers } of [first, answer]) {
        expect(headers.get('cache-control')).toBe('private, no-cache')
        expect(headers.get('pragma')).toBeNull()
      }
    }
  })

  test('is the client where the copy is another, or is not named as RFC 9110 says', async () => {
    const { client_id } = await registered()
    const { client_id: another } = await registered()
    const etag = await tagOf(client_id)
    for (const tag of [await tagOf(another), '"other"', etag.slice(1, -1), '"*"', `"x${etag}`, ''])
      expect(await conditional(client_id, tag)).toMatchObject({ status: 200, body: { client_id } })
  })

  test.each<[string, (client: Awaited<ReturnType<typeof registered>>) => Promise<unknown>]>([
    [
      'an update by the client',
      ({ client_id, path, token }) => {
        const body = { ...confidential, client_id, client_name: 'Renamed' }
        return api.call(path, { method: 'PUT', bearer: token, body })
      },
    ],
    [
      'an operator’s note',
      ({ client_id }) => operator(`/clients/${client_id}`, 'PATCH', { note: 'x' }),
    ],
    [
      'its end by the operator',
      ({ client_id }) => operator(`/clients/${client_id}`, 'PATCH', { disabled: true }),
    ],
    [
      'a new registration access token',
      ({ client_id }) => operator(`/clients/${client_id}/registration-access-token`, 'POST'),
    ],
  ])('is the client again after %s, and then 304 for the new copy', async (_, change) => {
    const client = await registered()
    const { client_id } = client
    const before = await tagOf(client_id)
    expect(await conditional(client_id, before)).toMatchObject({ status: 304 })
    await change(client)
    const answer = await conditional(client_id, before)
    expect(answer).toMatchObject({ status: 200, body: { client_id } })
    const after = answer.headers.get('etag') ?? ''
    expect(after).not.toBe(before)
    expect(await conditional(client_id, after)).toMatchObject({ status: 304 })
  })

  test('is an error that nobody keeps where the client or the token does not exist', async () => {
    const { client_id } = await registered()
    const etag = await tagOf(client_id)
    const headers = { 'if-none-match': etag }
    const nobody = await read(client_id, { headers, bearer: undefined })
    await operator(`/clients/${client_id}`, 'DELETE')
    const gone = await conditional(client_id, '*')
    expect([nobody.status, gone.status]).toEqual([401, 404])
    for (const answer of [nobody, gone]) {
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect(answer.headers.get('etag')).toBeNull()
    }
  })
})
