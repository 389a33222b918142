import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Api, startApi } from '../support/api.ts'
import { clientCredentialsToken } from './hydra-api.ts'
import { type HydraStub, startHydraStub } from './hydra-stub.ts'

const secretArn = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:hydra-AbCdEf'

let hydra: HydraStub
let api: Api

beforeAll(async () => {
  hydra = await startHydraStub()
  const { url, secret } = hydra
  api = await startApi({
    secrets: { [secretArn]: secret },
    settings: {
      log: { level: 'debug' },
      registrationAccessToken: { rotateOn: [] },
      connectors: [{ type: 'hydra', url, secretArn }],
    },
  })
})
beforeEach(() => {
  hydra.fault = undefined
})
afterAll(async () => {
  await api?.service.close()
  await hydra?.close()
})

const machine = {
  client_name: 'A machine',
  grant_types: ['client_credentials'],
  response_types: [],
  redirect_uris: [],
}

/** Waits until the events of a change have been pushed. */
async function eventually(holds: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 300 && !holds(); attempt += 1) await pause(50)
  expect(holds()).toBe(true)
}

describe('a service with a connector to Ory Hydra', () => {
  test('a client gets a token from Hydra as soon as it has its credentials', async () => {
    const { body } = await api.register({ ...machine })
    const credentials = [String(body.client_id), String(body.client_secret)] as const
    expect(await clientCredentialsToken(hydra, ...credentials)).toBeDefined()
    expect(api.log.join('\n')).not.toContain(credentials[1])
    expect(api.log.join('\n')).not.toContain(hydra.secret)
  })

  test('a registration that Hydra does not take is answered by 503, and leaves nothing', async () => {
    const bearer = await api.initialAccessToken()
    const before = [...hydra.clients.keys()]
    for (const fault of [500, 401]) {
      hydra.fault = fault
      const answer = await api.call('/register', { method: 'POST', bearer, body: machine })
      expect(answer.status).toBe(503)
      expect(answer.headers.get('retry-after')).toBe('5')
    }
    hydra.fault = undefined
    expect([...hydra.clients.keys()]).toEqual(before)
    const { status } = await api.call('/register', { method: 'POST', bearer, body: machine })
    expect(status).toBe(201)
  })

  test('metadata that Hydra would not enforce are rejected with the member that is to change', async () => {
    const bearer = await api.initialAccessToken()
    const body = { ...machine, dpop_bound_access_tokens: true }
    const answer = await api.call('/register', { method: 'POST', bearer, body })
    expect(answer.status).toBe(400)
    expect(answer.body).toEqual({
      error: 'invalid_client_metadata',
      error_description:
        'dpop_bound_access_tokens: the authorization server does not support this value',
    })
    const { status } = await api.call('/register', { method: 'POST', bearer, body: machine })
    expect(status).toBe(201)
  })

  test('a client is disabled, enabled and deleted at Hydra by its events', async () => {
    const { client_id } = await api.register({ ...machine })
    const { masterToken: bearer } = api.service
    const of = `/clients/${client_id}`
    const grants = () => hydra.clients.get(client_id)?.grant_types
    await api.call(of, { method: 'PATCH', bearer, body: { disabled: true } })
    await eventually(() => String(grants()) === 'none')
    await api.call(of, { method: 'PATCH', bearer, body: { disabled: false } })
    await eventually(() => String(grants()) === 'client_credentials')
    await api.call(of, { method: 'DELETE', bearer })
    await eventually(() => !hydra.clients.has(client_id))
  })
})
