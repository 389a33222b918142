import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, startApi } from '../support/api.ts'

let api: Api
beforeAll(async () => {
  api = await startApi({
    settings: { approval: 'disabled_until_approved', registration: 'dynamic' },
  })
})
afterAll(() => api.service.close())

const metadata = { client_name: 'A client', redirect_uris: ['https://client.example/callback'] }

const asOperator = (path: string, method = 'GET', body?: unknown) =>
  api.call(path, { method, body, bearer: api.service.masterToken })

const pending = async () => (await asOperator('/clients?state=pending')).body.clients as object[]

describe('a registration that awaits approval', () => {
  test('is repeated by its Idempotency-Key, before and after the decision', async () => {
    const headers = { 'idempotency-key': `"${randomUUID()}"` }
    const register = () => api.call('/register', { method: 'POST', headers, body: metadata })
    const { status, body } = await register()
    expect(status).toBe(201)
    expect(await register()).toMatchObject({ status: 201, body })
    expect(await pending()).toHaveLength(1)
    await asOperator(`/clients/${body.client_id}/approval`, 'POST', { decision: 'approve' })
    expect(await register()).toMatchObject({ status: 201, body })
    expect(await pending()).toHaveLength(0)
  })

  test('is previewed by a dry run like any other, and leaves nothing to approve', async () => {
    const answer = await api.call('/register?dry_run=true', { method: 'POST', body: metadata })
    expect(answer).toMatchObject({ status: 200, body: metadata })
    for (const name of ['client_id', 'client_secret', 'registration_access_token'])
      expect(answer.body).not.toHaveProperty(name)
    expect(await pending()).toHaveLength(0)
  })
})
