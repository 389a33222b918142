import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, startApi } from '../support/api.ts'
import { signer } from '../support/signer.ts'

const issuer = signer()

/** The service's clock, in milliseconds: a busy machine takes longer than an interval of polls. */
let clock = Date.now()

let api: Api
beforeAll(async () => {
  const audience = ['https://as.example/admin']
  const { issuer: iss, jwks } = issuer
  api = await startApi({
    clock: () => clock,
    settings: {
      approval: 'draft',
      registration: 'dynamic',
      pendingRegistration: { interval: 1 },
      accessTokenIssuers: [{ issuer: iss, jwks, audience, administers: true }],
    },
  })
})
afterAll(() => api.service.close())

const metadata = { client_name: 'A tool', redirect_uris: ['http://127.0.0.1:41337/callback'] }
const asking = { ...metadata, registration_mode: ['approval'] }

const send = (body: object, bearer?: string) =>
  api.call('/register', { method: 'POST', bearer, body })
const ask = (path: string, method = 'GET', body?: unknown, bearer = api.service.masterToken) =>
  api.call(path, { method, bearer, body })

const pause = () => {
  clock += 1_000
}

/** Asks for a deferred registration; what a client and its operator do next. */
async function deferred(body: object = asking, bearer?: string) {
  const answer = await send(body, bearer)
  expect(answer.status).toBe(202)
  const { registration_code, verification_code } = answer.body
  const path = `/pending-registrations/${verification_code}`
  return {
    answer,
    path,
    verification_code: String(verification_code),
    poll: () => send({ registration_code }),
    cancel: () => send({ registration_code, cancel_registration: true }),
    decide: (decision: string, operator?: string) =>
      ask(`${path}/approval`, 'POST', { decision }, operator),
  }
}

const outcome = ({ status, body }: Awaited<ReturnType<Api['call']>>) => [status, body.error]

describe('a client that asks for approval', () => {
  test('is answered 202 with the codes, and nothing of a client', async () => {
    const { answer } = await deferred()
    const base = `${api.service.url}/applications#approve`
    expect(answer.body).toEqual({
      registration_code: expect.stringMatching(/^reg_[B-Z]{8}_[\w-]{43}$/),
      verification_code: expect.stringMatching(
        /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/,
      ),
      verification_uri: base,
      verification_uri_complete: `${base}?code=${answer.body.verification_code}`,
      expires_in: 3600,
      interval: 1,
    })
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  test('finds the mode in the metadata of the authorization server', async () => {
    const { body } = await api.call('/.well-known/oauth-authorization-server')
    expect(body.registration_modes_supported).toEqual(['immediate', 'approval'])
  })

  test('polls until an operator approves, and then gets its client once', async () => {
    const { poll, path, decide } = await deferred()
    pause()
    const pending = await poll()
    expect(pending).toMatchObject({ status: 202, body: { interval: 1 } })
    expect((await ask(path)).body).toMatchObject({
      metadata,
      registration_method: 'anonymous',
    })
    expect((await decide('approve')).body).toMatchObject({ decision: { outcome: 'approved' } })
    const registered = await poll()
    expect(registered.status).toBe(201)
    expect(registered.body).toMatchObject(metadata)
    expect(registered.body).not.toHaveProperty('registration_mode')
    const { client_id, registration_access_token, client_secret } = registered.body
    const own = await ask(
      `/register/${client_id}`,
      'GET',
      undefined,
      String(registration_access_token),
    )
    expect(own.status).toBe(200)
    const valid = await ask(`/clients/${client_id}/secret-check`, 'POST', { client_secret })
    expect(valid.body).toEqual({ valid: true })
    expect((await ask(`/clients/${client_id}`)).body).toMatchObject({
      disabled: false,
      decision: { outcome: 'approved', operator: 'master token' },
    })
    expect(outcome(await poll())).toEqual([400, 'invalid_registration'])
    expect((await ask(path)).status).toBe(404)
  })

  test('gets one client where it polls fifty times at once', async () => {
    const client_name = 'Impatient'
    const { poll, decide } = await deferred({ ...asking, client_name })
    await decide('approve')
    const answers = await Promise.all(Array.from({ length: 50 }, poll))
    const registered = answers.filter(({ status }) => status === 201)
    expect(registered).toHaveLength(1)
    for (const answer of answers.filter((one) => one.status !== 201))
      expect([400, 503]).toContain(answer.status)
    const { body } = await ask('/clients?limit=100')
    const named = (body.clients as { metadata: { client_name?: string } }[]).filter(
      (client) => client.metadata.client_name === client_name,
    )
    expect(named).toHaveLength(1)
  })

  test('is answered 429 where it polls too fast, and stays pending', async () => {
    const { poll, decide } = await deferred()
    const fast = await poll()
    expect(fast.status).toBe(429)
    expect(fast.headers.get('retry-after')).toBe('1')
    pause()
    const together = await Promise.all(Array.from({ length: 10 }, poll))
    expect(together.filter(({ status }) => status === 202)).toHaveLength(1)
    expect(together.filter(({ status }) => status === 429)).toHaveLength(9)
    await decide('approve')
    expect((await poll()).status).toBe(201)
  })

  test('is answered access_denied once it is rejected, however often it polls', async () => {
    const { poll, decide } = await deferred()
    await decide('reject')
    expect(outcome(await poll())).toEqual([400, 'access_denied'])
    expect(outcome(await poll())).toEqual([400, 'access_denied'])
  })

  test('cancels its registration, which nobody can approve or poll any more', async () => {
    const { poll, cancel, decide } = await deferred()
    expect((await cancel()).status).toBe(204)
    expect(outcome(await cancel())).toEqual([400, 'invalid_registration'])
    expect(outcome(await poll())).toEqual([400, 'invalid_registration'])
    expect((await decide('approve')).status).toBe(404)
  })

  test('consumes its initial access token with the request', async () => {
    const bearer = await api.initialAccessToken({ sub: 'alice' })
    const { poll, decide } = await deferred(asking, bearer)
    expect((await send(asking, bearer)).status).toBe(401)
    await decide('approve')
    const { body } = await poll()
    expect((await ask(`/clients/${body.client_id}`)).body).toMatchObject({
      owner: 'alice',
      registration_method: 'initial_access_token',
      initial_access_token: bearer.split('_')[1],
    })
  })

  test('is registered at once by the operator', async () => {
    expect((await send(asking, api.service.masterToken)).status).toBe(201)
  })

  test.each<[string, object]>([
    ['no mode', metadata],
    ['another mode', { ...metadata, registration_mode: ['immediate', 'other'] }],
    ['no mode in the list', { ...metadata, registration_mode: [] }],
  ])('differs from one that asks for %s, which is never answered 202', async (_, body) => {
    const answer = await send(body)
    expect(answer.status).toBe(201)
    expect((await ask(`/clients/${answer.body.client_id}`)).body).toMatchObject({
      disabled: true,
      pending_at: expect.any(Number),
    })
  })

  test.each([
    [{ ...asking, redirect_uris: ['x'] }, 'invalid_redirect_uri'],
    [{ ...metadata, registration_mode: 'approval' }, 'invalid_client_metadata'],
    [{ ...metadata, registration_mode: [1] }, 'invalid_client_metadata'],
  ])('is rejected where it asks for what cannot be registered: %j', async (body, error) => {
    expect(outcome(await send(body))).toEqual([400, error])
  })

  test.each([
    ['unknown', `reg_BCDFGHJK_${'a'.repeat(43)}`],
    ['malformed', 'reg_x'],
    ['not a text', 7],
    ['null', null],
  ])('learns nothing from a registration code that is %s', async (_, registration_code) => {
    expect(outcome(await send({ registration_code }))).toEqual([400, 'invalid_registration'])
    const cancellation = { registration_code, cancel_registration: true }
    expect(outcome(await send(cancellation))).toEqual([400, 'invalid_registration'])
  })

  test('cannot use the code of another with a secret of its own', async () => {
    const { answer, poll } = await deferred()
    const forged = String(answer.body.registration_code).replace(/[\w-]{43}$/, 'a'.repeat(43))
    for (const cancel_registration of [false, true]) {
      const guess = { registration_code: forged, cancel_registration }
      expect(outcome(await send(guess))).toEqual([400, 'invalid_registration'])
    }
    pause()
    expect((await poll()).status).toBe(202)
  })

  test('learns which type cancel_registration has', async () => {
    const { answer } = await deferred()
    const { registration_code } = answer.body
    const wrong = { registration_code, cancel_registration: 'yes' }
    expect(outcome(await send(wrong))).toEqual([400, 'invalid_request'])
  })
})

describe('the operator of a deferred registration', () => {
  const operator = (sub: string) =>
    issuer.accessToken({ sub, aud: 'https://as.example/admin', scope: 'client-admin' })

  test('finds it by the code as people type it', async () => {
    const { verification_code } = await deferred()
    const typed = verification_code.toLowerCase().replace('-', ' ')
    const { status, body } = await ask(`/pending-registrations/${encodeURIComponent(typed)}`)
    expect([status, body.verification_code]).toEqual([200, verification_code])
    expect(JSON.stringify(body)).not.toMatch(/digest|write_id|reg_/)
    expect((await ask('/pending-registrations/AAAA-AAAA')).status).toBe(404)
  })

  test('is one of fifty at once; the others learn what was decided', async () => {
    const { decide, path } = await deferred()
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        decide(index % 2 === 0 ? 'approve' : 'reject', operator(`operator-${index}`)),
      ),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const lost = answers.filter(({ status }) => status === 409)
    expect(lost).toHaveLength(49)
    const { decision } = (await ask(path)).body as {
      decision: { outcome: string; operator: string }
    }
    const said = `${decision.outcome} already by ${decision.operator} at`
    for (const { body } of lost) expect(body.error_description).toContain(said)
  })

  test('may repeat the decision, and needs the right to decide', async () => {
    const { decide } = await deferred()
    expect((await decide('approve', operator('carol'))).status).toBe(200)
    expect((await decide('approve', operator('carol'))).status).toBe(200)
    expect((await decide('approve', operator('dora'))).status).toBe(409)
    expect((await decide('approve', 'a-guess')).status).toBe(401)
  })
})
