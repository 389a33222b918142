import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, startApi } from '../support/api.ts'

let api: Api
beforeAll(async () => {
  api = await startApi({
    settings: {
      approval: 'draft',
      registration: 'dynamic',
      sharing: 'public',
      policies: ['maximum-anonymous-clients', 'maximum-clients-per-software'],
      policySettings: {
        'maximum-anonymous-clients': { perHour: 5, perHost: 3 },
        'maximum-clients-per-software': { max: 1 },
      },
    },
  })
})
afterAll(() => api.service.close())

const asking = (host: string, more: object = {}) => ({
  redirect_uris: [`https://${host}/callback`],
  token_endpoint_auth_method: 'none',
  registration_mode: ['approval'],
  ...more,
})

const send = (body: object, headers: Record<string, string> = {}, query = '') =>
  api.call(`/register${query}`, { method: 'POST', headers, body })

const approve = ({ verification_code }: Readonly<Record<string, unknown>>) =>
  api.call(`/pending-registrations/${verification_code}/approval`, {
    method: 'POST',
    bearer: api.service.masterToken,
    body: { decision: 'approve' },
  })

const poll = ({ registration_code }: Readonly<Record<string, unknown>>) =>
  send({ registration_code })

describe('a deferred registration', () => {
  test('is repeated by its Idempotency-Key, with the same codes, and registers one client', async () => {
    const request = asking('repeated.example')
    const headers = { 'idempotency-key': `"${randomUUID()}"` }
    const { status, body } = await send(request, headers)
    expect(status).toBe(202)
    expect(await send(request, headers)).toMatchObject({ status: 202, body })
    expect(await send(asking('other.example'), headers)).toMatchObject({ status: 422 })
    await approve(body)
    expect((await poll(body)).status).toBe(201)
    expect(await send(request, headers)).toMatchObject({ status: 202, body })
    expect(await poll(body)).toMatchObject({ body: { error: 'invalid_registration' } })
  })

  test('is previewed by a dry run like any other, and a poll is not', async () => {
    const { registration_mode: _, ...metadata } = asking('preview.example')
    const preview = await send(asking('preview.example'), {}, '?dry_run=true')
    expect(preview).toMatchObject({ status: 200, body: metadata })
    for (const name of ['registration_mode', 'registration_code', 'client_id'])
      expect(preview.body).not.toHaveProperty(name)
    expect(
      await send(asking('preview.example', { registration_mode: 1 }), {}, '?dry_run=true'),
    ).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } })

    const { body } = await send(asking('preview.example'))
    await approve(body)
    const { registration_code } = body
    expect((await send({ registration_code }, {}, '?dry_run=true')).body).not.toHaveProperty(
      'client_id',
    )
    expect((await poll(body)).status).toBe(201)
  })

  test('gets a client of its own, where equal registrations share one that awaits approval', async () => {
    const { registration_mode: _, ...plain } = asking('own.example')
    const shared = await send(plain)
    expect(shared).toMatchObject({ status: 201 })
    expect(shared.body.client_id).toMatch(/^shared_/)
    const { body } = await send(asking('own.example'))
    await approve(body)
    const { client_id } = (await poll(body)).body
    expect(client_id).toEqual(expect.not.stringMatching(/^shared_/))
    const admin = await api.call(`/clients/${shared.body.client_id}`, {
      bearer: api.service.masterToken,
    })
    expect(admin.body).toMatchObject({ state: 'pending' })
  })

  test('counts toward the quota of its software_id when it is registered, not before', async () => {
    const request = asking('software.example', { software_id: randomUUID() })
    const { body: first } = await send(request)
    await approve(first)
    const { body: client } = await poll(first)
    expect(client).toHaveProperty('client_id')
    const bearer = api.service.masterToken
    const { body: second } = await api.call('/register', {
      method: 'POST',
      bearer: await api.initialAccessToken(),
      body: request,
    })
    await approve(second)
    expect(await poll(second)).toMatchObject({
      status: 403,
      body: { error_description: expect.stringContaining('the client quota of this software_id') },
    })
    await api.call(`/clients/${client.client_id}`, { method: 'DELETE', bearer })
    expect((await poll(second)).status).toBe(201)
  })

  test('counts toward the hourly limit when it is asked for', async () => {
    const rejected = await send(asking('limit.example'))
    expect(rejected).toMatchObject({ status: 429 })
  })
})
