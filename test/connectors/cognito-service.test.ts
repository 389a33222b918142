import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, startApi } from '../support/api.ts'
import { type CognitoStub, startCognitoStub } from './cognito-stub.ts'

let cognito: CognitoStub
let api: Api

beforeAll(async () => {
  cognito = await startCognitoStub()
  const { url: endpoint, userPoolArn } = cognito
  api = await startApi({
    settings: {
      log: { level: 'debug' },
      registrationAccessToken: { rotateOn: [] },
      clientSecret: { alphabet: 'alphanumeric', bytes: 47 },
      connectors: [{ type: 'cognito', userPoolArn, endpoint, maxClients: 20 }],
    },
  })
})
afterAll(async () => {
  await api?.service.close()
  await cognito?.close()
})

const machine = {
  client_name: 'A machine',
  grant_types: ['client_credentials'],
  response_types: [],
  redirect_uris: [],
  scope: 'api/read',
}

/** Waits until the events of a change have been pushed. */
async function eventually(holds: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 300 && !holds(); attempt += 1) await pause(50)
  expect(holds()).toBe(true)
}

const there = (client_id: unknown) => cognito.clients.get(String(client_id))

const night = async () => {
  const time = new Date(Date.now() + 3_600_000).toISOString()
  const [drift] = await api.service.runSchedule({ time })
  return Object.values(drift as object)[0]
}

describe('a service with a connector to Amazon Cognito', () => {
  test('a client has the identifier that Cognito chose, and its secret works there', async () => {
    const { body } = await api.register({ ...machine })
    const client_secret = String(body.client_secret)
    expect(client_secret).toMatch(/^[A-Za-z0-9]{64}$/)
    const client = there(body.client_id)
    expect(client?.secrets.map(({ value }) => value)).toEqual([client_secret])
    expect(client?.members).toMatchObject({
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ['client_credentials'],
      AllowedOAuthScopes: ['api/read'],
    })
    expect(api.log.join('\n')).not.toContain(client_secret)
    await eventually(() => api.log.some((line) => line.includes('"UserPoolUsage"')))
  })

  test('a registration that Cognito rejects gets 400, and nothing is left there', async () => {
    const bearer = await api.initialAccessToken()
    const before = [...cognito.clients.keys()]
    const body = { ...machine, scope: 'api/unheard-of' }
    const answer = await api.call('/register', { method: 'POST', bearer, body })
    expect(answer.status).toBe(400)
    expect(answer.body.error).toBe('invalid_client_metadata')
    expect([...cognito.clients.keys()]).toEqual(before)
    const { status } = await api.call('/register', { method: 'POST', bearer, body: machine })
    expect(status).toBe(201)
  })

  test('a registration for which Cognito has no identifier gets 503', async () => {
    const bearer = await api.initialAccessToken()
    cognito.faults.push('NotAuthorizedException')
    const answer = await api.call('/register', { method: 'POST', bearer, body: machine })
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('5')
    const { status } = await api.call('/register', { method: 'POST', bearer, body: machine })
    expect(status).toBe(201)
  })

  test('a client is updated, disabled and deleted in Cognito by its events', async () => {
    const { client_id, token, path } = await api.register({ ...machine })
    const { masterToken: bearer } = api.service
    const update = { ...machine, client_id, client_name: 'Another name' }
    await api.call(path, { method: 'PUT', bearer: token, body: update })
    await eventually(() => String(there(client_id)?.members.ClientName).startsWith('Another name'))
    const of = `/clients/${client_id}`
    await api.call(of, { method: 'PATCH', bearer, body: { disabled: true } })
    await eventually(() => there(client_id)?.members.AllowedOAuthFlowsUserPoolClient === false)
    await api.call(of, { method: 'DELETE', bearer })
    await eventually(() => there(client_id) === undefined)
  })

  test('a night removes an identifier that no registration used, and reports it', async () => {
    const { client_id } = await api.register({ ...machine })
    await eventually(() =>
      api.log.some((line) => line.includes('client pushed') && line.includes(client_id)),
    )
    const { ClientName } = there(client_id)?.members ?? {}
    const leftover = cognito.createByHand({ ClientName })
    cognito.changeByHand(client_id, { CallbackURLs: ['https://evil.example/callback'] })
    const drift = { missing: 0, different: 1, unknown: 1, failed: 0, finished: true }
    expect(await night()).toEqual(drift)
    expect(there(leftover)).toBeUndefined()
    expect(await night()).toEqual({ ...drift, different: 0, unknown: 0 })
  })

  test('a registration gets 503 with Retry-After while the pool is nearly full', async () => {
    const bearer = await api.initialAccessToken()
    let status = 201
    let retryAfter: string | null = null
    for (let made = 0; made < 20 && status === 201; made += 1) {
      const answer = await api.call('/register', {
        method: 'POST',
        bearer: api.service.masterToken,
        body: machine,
      })
      status = answer.status
      retryAfter = answer.headers.get('retry-after')
    }
    expect(status).toBe(503)
    expect(retryAfter).toBe('3600')
    expect(cognito.clients.size).toBeGreaterThan(12)
    expect(cognito.clients.size).toBeLessThanOrEqual(18)
    const answer = await api.call('/register', { method: 'POST', bearer, body: machine })
    expect(answer.status).toBe(503)
  })
})
