import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, startApi } from '../support/api.ts'
import { signer } from '../support/signer.ts'

const issuer = signer()

let api: Api
beforeAll(async () => {
  const audience = ['https://as.example/admin']
  const { issuer: iss, jwks } = issuer
  api = await startApi({
    settings: {
      approval: 'disabled_until_approved',
      registration: 'dynamic',
      accessTokenIssuers: [{ issuer: iss, jwks, audience, administers: true }],
    },
  })
})
afterAll(() => api.service.close())

const metadata = { client_name: 'A client', redirect_uris: ['https://client.example/callback'] }

const ask = (path: string, method = 'GET', body?: unknown, bearer = api.service.masterToken) =>
  api.call(path, { method, bearer, body })

const operator = (sub: string) =>
  issuer.accessToken({ sub, aud: 'https://as.example/admin', scope: 'client-admin' })

async function register(bearer?: string) {
  const answer = await api.call('/register', { method: 'POST', bearer, body: metadata })
  expect(answer.status).toBe(201)
  const client_id = String(answer.body.client_id)
  return {
    client_id,
    client_secret: answer.body.client_secret,
    token: String(answer.body.registration_access_token),
    own: `/register/${client_id}`,
    admin: `/clients/${client_id}`,
    approval: `/clients/${client_id}/approval`,
  }
}

const pendingIds = async () => {
  const { body } = await ask('/clients?state=pending')
  return (body.clients as { client_id: string }[]).map(({ client_id }) => client_id)
}

describe('a registration that awaits approval', () => {
  test.each<[string, () => Promise<string | undefined>]>([
    ['without a token', async () => undefined],
    ['with an initial access token', () => api.initialAccessToken()],
  ])('is answered 201 with credentials, and stored disabled: %s', async (_, bearer) => {
    const { admin, client_secret } = await register(await bearer())
    expect(client_secret).toEqual(expect.any(String))
    const { body } = await ask(admin)
    expect(body).toMatchObject({ disabled: true, disabled_at: body.pending_at })
    expect(body.pending_at).toBe(body.client_id_issued_at)
    const valid = await ask(`${admin}/secret-check`, 'POST', { client_secret })
    expect(valid.body).toEqual({ valid: false })
  })

  test('of the operator needs no approval', async () => {
    const { admin, token, own } = await register(api.service.masterToken)
    const { body } = await ask(admin)
    expect(body).toMatchObject({ disabled: false })
    expect(body).not.toHaveProperty('pending_at')
    expect((await ask(own, 'GET', undefined, token)).status).toBe(200)
  })

  test('is never answered 202, whatever its client asks for', async () => {
    const body = { ...metadata, registration_mode: ['approval'] }
    expect((await api.call('/register', { method: 'POST', body })).status).toBe(201)
  })

  test('cannot be read, updated or deleted by its client, which gets 403', async () => {
    const { client_id, own, token, admin } = await register()
    const body = { ...metadata, client_id, redirect_uris: ['https://other.example/'] }
    for (const answer of [
      await ask(own, 'GET', undefined, token),
      await ask(own, 'PUT', body, token),
      await ask(own, 'DELETE', undefined, token),
    ]) {
      expect(answer.status).toBe(403)
      expect(answer.body.error).toBe('unauthorized_client')
    }
    const guess = `${token.slice(0, -4)}AAAA`
    expect((await ask(own, 'GET', undefined, guess)).status).toBe(401)
    expect((await ask(admin)).body).toMatchObject({ version: 1, metadata })
  })

  test('is listed until it is decided, by state and among all clients', async () => {
    const one = await register()
    const other = await register()
    expect(await pendingIds()).toEqual(expect.arrayContaining([one.client_id, other.client_id]))
    const all = (await ask('/clients?limit=100')).body.clients as { client_id: string }[]
    expect(all.map(({ client_id }) => client_id)).toContain(one.client_id)
    await ask(one.approval, 'POST', { decision: 'approve' })
    await ask(other.approval, 'POST', { decision: 'reject' })
    const left = await pendingIds()
    expect(left).not.toContain(one.client_id)
    expect(left).not.toContain(other.client_id)
    const labelled = (await ask('/clients?label=DCR&limit=100')).body.clients as object[]
    expect(labelled).toEqual(
      expect.arrayContaining([expect.objectContaining({ client_id: one.client_id })]),
    )
  })

  test('stays pending and listed when the operator labels it, and keeps the label', async () => {
    const { client_id, admin, approval } = await register()
    const labelled = await ask(admin, 'PATCH', { label: 'partner', note: 'Known' })
    expect(labelled.body).toMatchObject({ label: 'partner', note: 'Known', disabled: true })
    expect(await pendingIds()).toContain(client_id)
    const approved = await ask(approval, 'POST', { decision: 'approve' })
    expect(approved.body).toMatchObject({ label: 'partner', disabled: false })
    expect(await pendingIds()).not.toContain(client_id)
    const { body } = await ask('/clients?limit=100')
    expect(body.clients).toEqual(expect.arrayContaining([expect.objectContaining({ client_id })]))
  })

  test('is enabled by a decision only', async () => {
    const { admin, approval } = await register()
    const patched = await ask(admin, 'PATCH', { disabled: false, note: 'Let it in' })
    expect(patched.status).toBe(409)
    expect((await ask(admin)).body).toMatchObject({ disabled: true, sequence: 1 })
    await ask(approval, 'POST', { decision: 'reject' })
    const enabled = await ask(admin, 'PATCH', { disabled: false })
    expect(enabled.body).toMatchObject({ disabled: false, decision: { outcome: 'rejected' } })
  })

  test('can be deleted by the operator', async () => {
    const { client_id, admin } = await register()
    expect((await ask(admin, 'DELETE')).status).toBe(204)
    expect(await pendingIds()).not.toContain(client_id)
  })
})

describe('a decision', () => {
  test('to approve enables the client and keeps who decided, when and why', async () => {
    const { own, token, admin, approval, client_secret } = await register()
    const answer = await ask(approval, 'POST', { decision: 'approve', note: 'Called them' })
    expect(answer.status).toBe(200)
    const decision = {
      outcome: 'approved',
      decided_at: expect.any(Number),
      operator: 'master token',
      note: 'Called them',
    }
    expect(answer.body).toMatchObject({ disabled: false, decision })
    expect(answer.body).not.toHaveProperty('pending_at')
    expect((await ask(admin)).body).toMatchObject({ decision })
    expect((await ask(own, 'GET', undefined, token)).status).toBe(200)
    const valid = await ask(`${admin}/secret-check`, 'POST', { client_secret })
    expect(valid.body).toEqual({ valid: true })
  })

  test('to reject keeps the client disabled, and its token is rejected', async () => {
    const { own, token, approval } = await register()
    const answer = await ask(
      approval,
      'POST',
      { decision: 'reject', note: 'Unknown' },
      operator('carol'),
    )
    expect(answer.body).toMatchObject({
      disabled: true,
      decision: {
        outcome: 'rejected',
        operator: 'carol',
        operator_iss: issuer.issuer,
        note: 'Unknown',
      },
    })
    expect((await ask(own, 'GET', undefined, token)).status).toBe(401)
  })

  test('is made once by fifty operators at once; the others learn which', async () => {
    const { admin, approval } = await register()
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        ask(
          approval,
          'POST',
          { decision: index % 2 === 0 ? 'approve' : 'reject' },
          operator(`operator-${index}`),
        ),
      ),
    )
    const made = answers.filter(({ status }) => status === 200)
    const lost = answers.filter(({ status }) => status === 409)
    expect([made.length, lost.length]).toEqual([1, 49])
    const { decision, sequence } = (await ask(admin)).body as {
      decision: { outcome: string; operator: string; decided_at: number }
      sequence: number
    }
    expect(sequence).toBe(2)
    expect(made[0]?.body.decision).toEqual(decision)
    const time = new Date(decision.decided_at * 1000).toISOString().replace('.000Z', 'Z')
    const said = `${decision.outcome} already by ${decision.operator} at ${time}`
    expect(new Set(lost.map(({ body }) => body.error_description))).toEqual(new Set([said]))
  })

  test('is answered again where the same operator repeats it, and not made again', async () => {
    const { approval } = await register()
    const request = { decision: 'approve', note: 'Once' }
    const first = await ask(approval, 'POST', request, operator('carol'))
    const again = await ask(approval, 'POST', request, operator('carol'))
    expect(again).toMatchObject({ status: 200, body: first.body })
    const other = await ask(approval, 'POST', { decision: 'reject' }, operator('carol'))
    expect(other.status).toBe(409)
  })

  test('names the version that was seen', async () => {
    const { approval } = await register()
    const stale = await ask(approval, 'POST', { decision: 'approve', version: 2 })
    expect(stale.status).toBe(409)
    expect(stale.body.error_description).toContain('version')
    const answer = await ask(approval, 'POST', { decision: 'approve', version: 1 })
    expect(answer.status).toBe(200)
  })

  test.each([
    [{}, 'decision: expected a value'],
    [{ decision: 'approved' }, 'decision: expected approve or reject'],
    [{ decision: 'approve', note: '' }, 'note: expected a non-empty string'],
    [{ decision: 'approve', version: 'x' }, 'version: expected the version of the client'],
    [{ decision: 'approve', version: 2 ** 53 }, 'version: expected the version of the client'],
  ])('of another form is rejected: %j', async (body, description) => {
    const { approval } = await register()
    const answer = await ask(approval, 'POST', body)
    expect([answer.status, answer.body.error_description]).toEqual([400, description])
  })

  test('needs an operator, a client, and one that awaits approval', async () => {
    const { approval } = await register()
    const decision = { decision: 'approve' }
    expect((await ask(approval, 'POST', decision, 'a-guess')).status).toBe(401)
    const reader = issuer.accessToken({ aud: 'https://as.example/admin', scope: 'clients:read' })
    expect((await ask(approval, 'POST', decision, reader)).status).toBe(403)
    expect((await ask('/clients/unknown/approval', 'POST', decision)).status).toBe(404)
    const others = await register(api.service.masterToken)
    const answer = await ask(others.approval, 'POST', decision)
    expect(answer).toMatchObject({
      status: 409,
      body: { error_description: 'the client does not await approval' },
    })
  })
})
