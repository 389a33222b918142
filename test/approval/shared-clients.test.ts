import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, startApi } from '../support/api.ts'

let api: Api
beforeAll(async () => {
  const settings = {
    profile: 'mcp',
    sharing: 'public',
    approval: 'disabled_until_approved',
  } as const
  api = await startApi({ settings })
})
afterAll(() => api.service.close())

const register = (client_name: string, port = 4711) =>
  api.call('/register', {
    method: 'POST',
    body: {
      client_name,
      redirect_uris: [`http://127.0.0.1:${port}/callback`],
      token_endpoint_auth_method: 'none',
    },
  })

const asOperator = (path: string, method = 'GET', body?: unknown) =>
  api.call(path, { method, body, bearer: api.service.masterToken })

const decide = (client_id: unknown, decision: string) =>
  asOperator(`/clients/${client_id}/approval`, 'POST', { decision })

const read = ({ client_id, registration_access_token }: Readonly<Record<string, unknown>>) =>
  api.call(`/register/${client_id}`, { bearer: String(registration_access_token) })

describe('a shared client that awaits approval', () => {
  test('is joined by equal registrations, and approved for all of them at once', async () => {
    const instances = [await register('A program'), await register('A program', 4712)]
    expect(instances.map(({ status }) => status)).toEqual([201, 201])
    const [first, second] = instances.map(({ body }) => body)
    expect(first?.client_id).toBe(second?.client_id)
    expect((await asOperator(`/clients/${first?.client_id}`)).body).toMatchObject({
      state: 'pending',
      disabled: true,
      instances: 2,
    })
    for (const { body } of instances)
      expect(await read(body)).toMatchObject({
        status: 403,
        body: { error: 'unauthorized_client' },
      })

    expect(await decide(first?.client_id, 'approve')).toMatchObject({ body: { state: 'active' } })
    for (const { body } of instances) expect((await read(body)).status).toBe(200)
    expect((await register('A program', 4713)).body.client_id).toBe(first?.client_id)
    expect((await asOperator(`/clients/${first?.client_id}`)).body).toMatchObject({
      state: 'active',
      instances: 3,
    })
  })

  test('rejects later registrations once it is rejected, like a disabled one', async () => {
    const { body } = await register('A rejected program')
    expect(await decide(body.client_id, 'reject')).toMatchObject({ body: { state: 'disabled' } })
    expect((await read(body)).status).toBe(401)
    expect(await register('A rejected program', 4712)).toMatchObject({
      status: 400,
      body: { error: 'invalid_client_metadata' },
    })
  })
})
