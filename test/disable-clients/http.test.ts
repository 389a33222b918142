import { generateKeyPairSync } from 'node:crypto'
import { calculateJwkThumbprint } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, startApi } from '../support/api.ts'
import { signer } from '../support/signer.ts'
import { jobsOf, redirecting } from './jobs.ts'

const audience = 'https://as.example/register'
const registrar = signer('https://registrar.example')
const reader = signer('https://reader.example')
const administrator = signer('https://administrator.example')
const now = Math.floor(Date.now() / 1000)

let api: Api
const events: { type: string; client_id: unknown }[] = []
const jobs = jobsOf(() => api)
beforeAll(async () => {
  api = await startApi({
    onEvent: ({ 'detail-type': type, detail }) =>
      events.push({ type, client_id: detail.client_id }),
    settings: {
      accessTokenIssuers: [
        { issuer: registrar.issuer, jwks: registrar.jwks, audience: [audience] },
        { issuer: reader.issuer, jwks: reader.jwks, audience: [audience], reads: true },
        {
          ...{ issuer: administrator.issuer, jwks: administrator.jwks, audience: [audience] },
          ...{ administers: true, singleUse: true },
        },
      ],
    },
  })
})
afterAll(() => api.service.close())

const other = redirecting('https://good.example/callback')

/** A key pair's public JWK, and its thumbprint. */
async function key() {
  const jwk = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' })
  return { jwk, thumbprint: await calculateJwkThumbprint(jwk) }
}

describe('a job that disables many clients', () => {
  test('disables exactly the 40 of 300 clients that redirect to a host, slice by slice, and lists them', async () => {
    const bad: string[] = []
    for (let index = 0; index < 300; index += 1) {
      const isBad = index % 15 < 2
      const uri = isBad ? 'https://EVIL.example:8443/cb' : `https://evil.example.good${index}.test/`
      const client_id = await jobs.register(redirecting(uri))
      if (isBad) bad.push(client_id)
    }
    const created = await jobs.create({ redirect_host: 'Evil.Example', note: 'phish', limit: 70 })
    expect(created).toMatchObject({
      state: 'running',
      filter: { redirect_host: 'evil.example' },
      dry_run: false,
      note: 'phish',
      operator: 'master token',
      examined: 70,
    })
    const { job, client_ids } = await jobs.finish(created, 70)
    expect(job).toMatchObject({
      state: 'done',
      ...{ examined: 300, matched: 40, disabled: 40, already_disabled: 0, deleted: 0, skipped: 0 },
    })
    expect([...client_ids].sort()).toEqual(bad.sort())
    expect(await jobs.disabled()).toEqual(bad)
    for (const limit of [7, 40, 100]) {
      const listed = await jobs.listed(job.id, limit)
      expect([...listed].sort()).toEqual(bad)
    }
    for (const client of (await jobs.clients()).values())
      expect(client.disabled_by_job).toBe(client.disabled ? job.id : undefined)

    const undone = await jobs.finish(await jobs.act(job.id, 'undo', { limit: 15 }), 15)
    expect(undone.job).toMatchObject({ state: 'undone', enabled: 40, untouched: 0 })
    expect([...undone.client_ids].sort()).toEqual(bad)
    expect(await jobs.disabled()).toEqual([])
  })

  test.each([
    ['localhost', 'http://localhost:3000/cb'],
    ['127.0.0.1', 'http://127.0.0.1/cb'],
    ['[::1]', 'http://[::1]:80/cb'],
    ['bücher.example', 'https://xn--bcher-kva.example/cb'],
    ['MIXED.example', 'https://mixed.example/'],
  ])('compares the host %s as a URL parser does', async (redirect_host, uri) => {
    const application_type = 'native'
    const client_id = await jobs.register(redirecting(uri, { application_type }))
    await jobs.register(redirecting('com.example.app:/cb', { application_type }))
    const { job } = await jobs.finish(await jobs.create({ redirect_host }))
    expect(job).toMatchObject({ state: 'done', matched: 1 })
    expect(await jobs.listed(job.id)).toEqual([client_id])
  })

  test('finds a host in any of several redirect URIs, and labelled clients', async () => {
    const uris = ['https://first.example/a', 'https://second.example/b']
    const client_id = await jobs.register({ redirect_uris: uris })
    await jobs.change(client_id, { label: 'partner' })
    const { job } = await jobs.finish(await jobs.create({ redirect_host: 'second.example' }))
    expect(await jobs.listed(job.id)).toEqual([client_id])
  })

  test('disables the clients of a software_id', async () => {
    const software_id = '4NRB1-0XZABZI9E6-5SM3R'
    const ids = [
      await jobs.register({ ...other, software_id }),
      await jobs.register({ ...other, software_id }),
    ]
    await jobs.register({ ...other, software_id: 'another' })
    const { job } = await jobs.finish(await jobs.create({ software_id }))
    expect(job).toMatchObject({ examined: 2, matched: 2, disabled: 2 })
    expect([...(await jobs.listed(job.id))].sort()).toEqual(ids.sort())
  })

  test.each([
    ['of every issuer', {}, ['named', 'issued']],
    ['that an operator named', { iss: '' }, ['named']],
    ['of one issuer', { iss: registrar.issuer }, ['issued']],
    ['of an issuer without clients', { iss: 'https://unknown.example' }, []],
  ])('disables the clients of the owner %s', async (name, filter, expected) => {
    const owner = `alice ${name}`
    const issued = registrar.accessToken({ aud: audience, sub: owner, scope: 'client-reg' })
    const ids = {
      named: await jobs.register(other, await api.initialAccessToken({ sub: owner })),
      issued: await jobs.register(other, issued),
    }
    const { job } = await jobs.finish(await jobs.create({ owner, ...filter }))
    const wanted = expected.map((of) => ids[of as keyof typeof ids])
    expect([...(await jobs.listed(job.id))].sort()).toEqual(wanted.sort())
    expect(job).toMatchObject({ state: 'done', filter: { owner, ...filter } })
  })

  test('disables the clients that have a key, and none that only name a jwks_uri', async () => {
    const [leaked, safe] = [await key(), await key()]
    const authenticated = { ...other, token_endpoint_auth_method: 'private_key_jwt' }
    const keys = [safe.jwk, leaked.jwk].map((jwk, index) => ({ ...jwk, kid: `k${index}` }))
    const client_id = await jobs.register({ ...authenticated, jwks: { keys } })
    await jobs.register({ ...authenticated, jwks: { keys: [keys[0]] } })
    await jobs.register({ ...authenticated, jwks_uri: 'https://keys.example/jwks' })
    const key_thumbprint = leaked.thumbprint
    const { job } = await jobs.finish(await jobs.create({ key_thumbprint }))
    expect(job).toMatchObject({ matched: 1, disabled: 1 })
    expect(await jobs.listed(job.id)).toEqual([client_id])
  })

  test('leaves clients alone that were disabled before, whose time of disabling and sequence stay', async () => {
    const client_id = await jobs.register(redirecting('https://before.example/'))
    await jobs.change(client_id, { disabled: true })
    const before = (await jobs.clients()).get(client_id)
    const { job } = await jobs.finish(await jobs.create({ redirect_host: 'before.example' }))
    expect(job).toMatchObject({ matched: 1, disabled: 0, already_disabled: 1 })
    expect(await jobs.listed(job.id)).toEqual([])
    await jobs.finish(await jobs.act(job.id, 'undo'))
    expect((await jobs.clients()).get(client_id)).toEqual(before)
  })

  test('publishes the same event as a single disabling, once for each client', async () => {
    const ids = [
      await jobs.register(redirecting('https://events.example/')),
      await jobs.register(redirecting('https://events.example/')),
    ]
    const { job } = await jobs.finish(await jobs.create({ redirect_host: 'events.example' }))
    await jobs.finish(await jobs.act(job.id, 'undo'))
    const published = () =>
      ids.map((id) => events.filter((event) => event.client_id === id).map(({ type }) => type))
    const expected = ['client.registered', 'client.disabled', 'client.enabled']
    await expect.poll(published, { timeout: 20_000 }).toEqual([expected, expected])
  })

  test('leaves a registration access token rejected, until the job is undone', async () => {
    const { path, token } = await api.register(redirecting('https://rejected.example/'))
    const status = async () => (await api.call(path, { bearer: token })).status
    const { job } = await jobs.finish(await jobs.create({ redirect_host: 'rejected.example' }))
    expect(await status()).toBe(401)
    await jobs.finish(await jobs.act(job.id, 'undo'))
    expect(await status()).toBe(200)
  })
})

describe('an undo', () => {
  test('leaves clients alone on which somebody decided since', async () => {
    const uri = redirecting('https://since.example/')
    const [enabled = '', disabled = '', again = '', deleted = '', untouched = ''] =
      await Promise.all(Array.from({ length: 5 }, () => jobs.register(uri)))
    const { job } = await jobs.finish(await jobs.create({ redirect_host: 'since.example' }))
    await jobs.change(enabled, { disabled: false })
    await jobs.change(disabled, { disabled: true })
    await jobs.change(again, { disabled: false })
    await jobs.change(again, { disabled: true })
    await jobs.change(untouched, { note: 'looked at', label: 'odd' })
    expect((await jobs.call(`/clients/${deleted}`, 'DELETE')).status).toBe(204)
    const undone = await jobs.finish(await jobs.act(job.id, 'undo'))
    expect(undone.client_ids).toEqual([untouched])
    expect(undone.job).toMatchObject({ state: 'undone', disabled: 5, enabled: 1, untouched: 4 })
    const clients = await jobs.clients()
    const states = [enabled, disabled, again, untouched].map((id) => clients.get(id)?.disabled)
    expect(states).toEqual([false, true, true, false])
    expect((await jobs.listed(job.id)).length).toBe(5)
  })

  test('changes nothing when it is repeated, or when the job is continued afterwards', async () => {
    const client_id = await jobs.register(redirecting('https://repeated.example/'))
    const { job } = await jobs.finish(await jobs.create({ redirect_host: 'repeated.example' }))
    await jobs.finish(await jobs.act(job.id, 'undo'))
    await jobs.change(client_id, { disabled: true })
    const before = (await jobs.clients()).get(client_id)
    for (const action of ['undo', 'continue'])
      expect(await jobs.act(job.id, action)).toMatchObject({ state: 'undone', client_ids: [] })
    expect((await jobs.clients()).get(client_id)).toEqual(before)
  })

  test('of a dry run is a conflict', async () => {
    const { id } = await jobs.create({ redirect_host: 'none.example', dry_run: true, limit: 1000 })
    const answer = await jobs.call(`/disable-jobs/${id}`, 'POST', { action: 'undo' })
    expect(answer.status).toBe(409)
    expect(answer.body.error_description).toBe('a dry run disabled no client')
  })
})

describe('a dry run', () => {
  test('lists what it would disable, and changes no client', async () => {
    const client_id = await jobs.register(redirecting('https://dry.example/'))
    const before = await jobs.clients()
    const { job } = await jobs.finish(
      await jobs.create({ redirect_host: 'dry.example', dry_run: true }),
    )
    expect(job).toMatchObject({ dry_run: true, matched: 1, disabled: 0, skipped: 1 })
    expect(await jobs.listed(job.id)).toEqual([client_id])
    expect(await jobs.clients()).toEqual(before)
  })
})

describe('a job that is cancelled', () => {
  test('disables no further client, can be undone, and is left alone by a continue', async () => {
    const uri = redirecting('https://cancelled.example/')
    const ids = await Promise.all(Array.from({ length: 4 }, () => jobs.register(uri)))
    const begun = await jobs.create({ redirect_host: 'cancelled.example', limit: 2 })
    expect(begun.client_ids.length).toBe(2)
    for (const action of ['cancel', 'cancel', 'continue'])
      expect(await jobs.act(begun.id, action)).toMatchObject({ state: 'cancelled', disabled: 2 })
    const disabled = new Set(await jobs.disabled())
    expect(ids.filter((id) => disabled.has(id)).sort()).toEqual([...begun.client_ids].sort())
    await jobs.finish(await jobs.act(begun.id, 'undo'))
    const after = new Set(await jobs.disabled())
    expect(ids.filter((id) => after.has(id))).toEqual([])
  })

  test('is done already: the cancellation is a conflict', async () => {
    const { id } = await jobs.create({ software_id: 'nobody has it' })
    const answer = await jobs.call(`/disable-jobs/${id}`, 'POST', { action: 'cancel' })
    expect(answer.status).toBe(409)
    expect(answer.body.error_description).toBe('a job that is done cannot be cancelled')
  })
})

describe('requests on jobs', () => {
  test('are answered with the address of the job, and the list of jobs, newest first', async () => {
    const answer = await jobs.call('/clients/disable', 'POST', { software_id: 'listed' })
    const id = String(answer.body.id)
    const location = String(answer.headers.get('location'))
    expect(location).toMatch(new RegExp(`/disable-jobs/${id}$`))
    expect((await jobs.call(location)).body).toMatchObject({ id, state: 'done' })
    const { body } = await jobs.call('/disable-jobs?limit=2')
    expect(body).toMatchObject({ jobs: expect.any(Array), next_cursor: expect.any(String) })
    const rest = await jobs.call(`/disable-jobs?limit=100&cursor=${body.next_cursor}`)
    const all = [...(body.jobs as { id: string }[]), ...(rest.body.jobs as { id: string }[])]
    const found = all.map((job) => job.id)
    expect(found).toContain(id)
    expect(new Set(found).size).toBe(found.length)
    const times = all.map((job) => Number((job as { created_at?: number }).created_at))
    expect(times).toEqual([...times].sort((a, b) => b - a))
  })

  test.each([
    [{}, 'exactly one of'],
    [{ redirect_host: 'a.example', owner: 'alice' }, 'exactly one of'],
    [{ redirect_host: 'https://a.example' }, 'redirect_host: expected a host'],
    [{ redirect_host: 'a.example:443' }, 'redirect_host: expected a host'],
    [{ redirect_host: 'a.example/path' }, 'redirect_host: expected a host'],
    [{ redirect_host: 'user@a.example' }, 'redirect_host: expected a host'],
    [{ redirect_host: '1.2.3.400' }, 'redirect_host: expected a host'],
    [{ redirect_host: '' }, 'redirect_host'],
    [{ redirect_host: ['a.example'] }, 'redirect_host: expected a string'],
    [{ owner: '' }, 'owner'],
    [{ iss: 'https://a.example' }, 'exactly one of'],
    [{ software_id: 'one', iss: 'https://a.example' }, 'iss: expected together with owner'],
    [{ key_thumbprint: 'short' }, 'key_thumbprint: expected the SHA-256 thumbprint'],
    [{ key_thumbprint: `${'A'.repeat(42)}B` }, 'key_thumbprint: expected'],
    [{ software_id: 'one', limit: 0 }, 'limit: expected a whole number from 1 to 1000'],
    [{ software_id: 'one', limit: 1001 }, 'limit: expected a whole number from 1 to 1000'],
    [{ software_id: 'one', dry_run: 'yes' }, 'dry_run: expected true or false'],
    [{ software_id: 'one', all: true }, 'all: unknown'],
    ['{', 'not JSON'],
  ])('with the body %j are 400, and store no job', async (body, expected) => {
    const count = async () =>
      ((await jobs.call('/disable-jobs?limit=100')).body.jobs as unknown[]).length
    const before = await count()
    const answer = await jobs.call('/clients/disable', 'POST', body)
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect(answer.body.error_description).toContain(expected)
    expect(await count()).toBe(before)
  })

  test.each([
    [{}, 'action'],
    [{ action: 'stop' }, 'action: expected continue, cancel or undo'],
    [{ action: 'continue', limit: 1.5 }, 'limit: expected'],
  ])('on a job with the body %j are 400', async (body, expected) => {
    const { id } = await jobs.create({ software_id: 'none' })
    const answer = await jobs.call(`/disable-jobs/${id}`, 'POST', body)
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect(answer.body.error_description).toContain(expected)
  })

  test.each(['unknown', '0123456789abcdef', '%23'])('on the job %s are 404', async (id) => {
    for (const [method, body] of [['GET'], ['POST', { action: 'undo' }]] as const) {
      const answer = await jobs.call(`/disable-jobs/${id}`, method, body)
      expect([answer.status, answer.body.error_description]).toEqual([404, 'no such job'])
    }
  })

  test('by others than an operator are 401 or 403, and disable nobody', async () => {
    const client_id = await jobs.register(redirecting('https://protected.example/'))
    const { token } = await api.register()
    const claims = { aud: audience, iat: now, exp: now + 3600 }
    const bearers = [
      [undefined, 401],
      [token, 401],
      [await api.initialAccessToken(), 401],
      ['wrong', 401],
      [registrar.accessToken({ ...claims, scope: 'client-admin' }), 401],
      [reader.accessToken({ ...claims, scope: 'clients:read' }), 403],
    ] as const
    const { id } = await jobs.create({ software_id: 'nothing' })
    const body = { redirect_host: 'protected.example' }
    for (const [bearer, status] of bearers)
      for (const [path, request] of [
        ['/clients/disable', { method: 'POST', body }],
        ['/disable-jobs', {}],
        [`/disable-jobs/${id}`, {}],
        [`/disable-jobs/${id}`, { method: 'POST', body: { action: 'undo' } }],
      ] as const)
        expect((await api.call(path, { ...request, bearer })).status).toBe(status)
    expect((await jobs.clients()).get(client_id)?.disabled).toBe(false)
  })

  test('by an access token for single use name its operator, and consume it only where they are valid', async () => {
    const claims = { aud: audience, sub: 'carol', iat: now, exp: now + 3600 }
    const bearer = administrator.accessToken({ ...claims, scope: 'client-admin' })
    const create = (body: object) => api.call('/clients/disable', { method: 'POST', bearer, body })
    expect((await create({})).status).toBe(400)
    const { status, body } = await create({ software_id: 'by carol' })
    expect(status).toBe(201)
    expect(body).toMatchObject({ operator: 'carol', operator_iss: administrator.issuer })
    expect((await create({ software_id: 'by carol' })).status).toBe(401)
  })

  test('by a method that the path has not are 405, and name those that it has', async () => {
    const answer = await jobs.call('/clients/disable', 'DELETE')
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe('POST, OPTIONS')
  })
})
