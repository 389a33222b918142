import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PublishedEvent } from '../../cdk/local/event-bus.ts'
import { type Api, startApi } from '../support/api.ts'

const events: PublishedEvent[] = []
let api: Api

beforeAll(async () => {
  api = await startApi({ onEvent: (event) => events.push(event) })
})
afterAll(() => api?.service.close())

/** Waits for the event that ends a story. */
async function until(type: string) {
  for (let wait = 0; wait < 100; wait += 1) {
    if (events.some((event) => event['detail-type'] === type)) return
    await sleep(100)
  }
  throw new Error(`no ${type} among ${events.map((event) => event['detail-type'])}`)
}

const outlines = () =>
  events.map(({ 'detail-type': type, detail }) =>
    [type, detail.sequence, ...(Array.isArray(detail.changed) ? detail.changed : [])].join(' '),
  )

describe('the local service', () => {
  test('shows the events of a client and its token, from issue to revocation', async () => {
    const { call, service, register } = api
    const bearer = service.masterToken
    const { client_id, path, token, body } = await register()
    const administered = `/clients/${client_id}`
    const update = {
      ...body,
      client_id,
      client_name: 'Renamed',
      client_uri: 'https://client.example/',
    }
    for (const member of ['registration_access_token', 'registration_client_uri']) {
      Reflect.deleteProperty(update, member)
    }
    for (const member of ['client_id_issued_at', 'client_secret_expires_at']) {
      Reflect.deleteProperty(update, member)
    }
    const updated = await call(path, { method: 'PUT', bearer: token, body: update })
    expect(updated.status).toBe(200)
    await call(administered, { method: 'PATCH', bearer, body: { disabled: true } })
    await call(administered, { method: 'PATCH', bearer, body: { disabled: false } })
    const shown = await call(administered, { bearer })
    expect(shown.body.sequence).toBe(4)
    expect((await call(administered, { method: 'DELETE', bearer })).status).toBe(204)
    const issued = await call('/initial-access-tokens', { method: 'POST', bearer, body: {} })
    const revoked = `/initial-access-tokens/${issued.body.id}`
    expect((await call(revoked, { method: 'DELETE', bearer })).status).toBe(204)

    await until('initial_access_token.revoked')
    const all = outlines()
    expect(all.slice(0, 3).sort()).toEqual([
      'client.registered 1',
      'initial_access_token.consumed 2',
      'initial_access_token.issued 1',
    ])
    expect(all.slice(3)).toEqual([
      'client.updated 2 client_name client_uri',
      'client.disabled 3 disabled_at',
      'client.enabled 4 disabled_at',
      'client.deleted 5',
      'initial_access_token.issued 1',
      'initial_access_token.revoked 2',
    ])
    for (const { source, resources } of events) {
      expect(source).toBe('client-registration')
      expect(resources).toEqual([expect.stringContaining(service.tableName)])
    }
    const said = JSON.stringify(events)
    for (const secret of [token, body.client_secret, issued.body.access_token]) {
      expect(said).not.toContain(String(secret))
    }
  })
})
