import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { keycloakId } from '../../functions/connectors/keycloak-client.ts'
import { type Api, startApi } from '../support/api.ts'
import { type KeycloakStub, startKeycloakStub } from './keycloak-stub.ts'
import { getsToken } from './realm.ts'
import { storedAt } from './stored-at.ts'

const secretArn = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:keycloak-AbCdEf'

let keycloak: KeycloakStub
let api: Api
/** Every secret that was answered. */
const secrets: string[] = []

beforeAll(async () => {
  keycloak = await startKeycloakStub()
  const { url, realm, clientId, secret } = keycloak
  api = await startApi({
    secrets: { [secretArn]: secret },
    settings: {
      log: { level: 'debug' },
      registrationAccessToken: { rotateOn: [] },
      connectors: [{ type: 'keycloak', url, realm, clientId, secretArn }],
    },
  })
  secrets.push(secret)
})
beforeEach(() => {
  keycloak.fault = undefined
})
afterAll(async () => {
  await api?.service.close()
  await keycloak?.close()
})

const machine = {
  client_name: 'A machine',
  grant_types: ['client_credentials'],
  response_types: [],
  redirect_uris: [],
}

async function register(bearer: string | undefined, body: object = machine) {
  const answer = await api.call('/register', { method: 'POST', bearer, body })
  if (typeof answer.body.client_secret === 'string') secrets.push(answer.body.client_secret)
  return answer
}

const there = (client_id: unknown) => keycloak.clients.get(keycloakId(String(client_id)))

/** Waits until the events of a change have been pushed. */
async function eventually(holds: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 300 && !holds(); attempt += 1) await pause(50)
  expect(holds()).toBe(true)
}

const night = async () => {
  const time = new Date(Date.now() + 3_600_000).toISOString()
  const [drift] = await api.service.runSchedule({ time })
  return Object.values(drift as object)[0]
}

describe('a service with a connector', () => {
  test('a client can use its credentials at the server as soon as it has them', async () => {
    const { status, body } = await register(await api.initialAccessToken())
    expect(status).toBe(201)
    const credentials = [String(body.client_id), String(body.client_secret)] as const
    expect(await getsToken(keycloak, ...credentials)).toBe(true)
  })

  test.each([
    ['a server that fails', 500],
    ['a server that rejects the service account', 403],
    ['a server that does not respond', 'silent'],
  ] as const)('%s: the client gets 503, and nothing is left behind', async (_, fault) => {
    const clients = await storedAt(api.service, 'CLIENT#')
    const pushed = [...keycloak.clients.keys()]
    const bearer = await api.initialAccessToken()
    keycloak.fault = fault
    const { status, headers, body } = await register(bearer)
    expect(status).toBe(503)
    expect(headers.get('retry-after')).toBe('5')
    expect(body.error).toBe('temporarily_unavailable')
    expect(await storedAt(api.service, 'CLIENT#')).toEqual(clients)
    keycloak.fault = undefined
    expect([...keycloak.clients.keys()]).toEqual(pushed)
    expect((await register(bearer)).status).toBe(201)
  })

  test('metadata that the server cannot hold are rejected, and the token stays usable', async () => {
    const bearer = await api.initialAccessToken()
    const { status, body } = await register(bearer, { ...machine, scope: 'unheard-of' })
    expect(status).toBe(400)
    expect(body).toMatchObject({
      error: 'invalid_client_metadata',
      error_description: 'scope: the authorization server has no such scope',
    })
    expect((await register(bearer)).status).toBe(201)
  })

  test('a registration whose token was consumed meanwhile leaves nothing at the server', async () => {
    const bearer = await api.initialAccessToken()
    const before = keycloak.clients.size
    const answers = await Promise.all(Array.from({ length: 6 }, () => register(bearer)))
    const created = answers.filter(({ status }) => status === 201)
    expect(created).toHaveLength(1)
    expect(keycloak.clients.size).toBe(before + 1)
    expect(there(created[0]?.body.client_id)).toBeDefined()
  })

  test('changes of a client follow by its events', async () => {
    const { client_id, token, path, body } = await api.register({ ...machine })
    secrets.push(String(body.client_secret))
    const { masterToken: bearer } = api.service
    const update = { ...machine, client_id, client_name: 'Another name' }
    await api.call(path, { method: 'PUT', bearer: token, body: update })
    await eventually(() => there(client_id)?.name === 'Another name')

    const of = `/clients/${client_id}`
    await api.call(of, { method: 'PATCH', bearer, body: { disabled: true } })
    await eventually(() => there(client_id)?.enabled === false)
    await api.call(of, { method: 'PATCH', bearer, body: { disabled: false } })
    await eventually(() => there(client_id)?.enabled === true)

    const renewed = await api.call(`${of}/client-secret`, { method: 'POST', bearer, body: {} })
    secrets.push(String(renewed.body.client_secret))
    await eventually(() => there(client_id)?.secret === renewed.body.client_secret)

    await api.call(of, { method: 'DELETE', bearer })
    await eventually(() => there(client_id) === undefined)
  })

  test('a night repairs what differs at the server, and the next one finds nothing', async () => {
    const [changed, removed, deleted] = [
      await api.register({ ...machine }),
      await api.register({ ...machine }),
      await api.register({ ...machine }),
    ]
    for (const { body } of [changed, removed, deleted]) secrets.push(String(body.client_secret))
    const isPushed = (client_id: string) =>
      api.log.some((line) => line.includes('client pushed') && line.includes(client_id))
    await eventually(() =>
      [changed, removed, deleted].every(({ client_id }) => isPushed(client_id)),
    )
    const copy = structuredClone(there(deleted.client_id))
    const byOthers = await keycloak.createByHand({ clientId: 'the-console' })
    await keycloak.changeByHand(keycloakId(changed.client_id), {
      redirectUris: ['https://e.example'],
    })
    await api.call(deleted.path, { method: 'DELETE', bearer: deleted.token })
    await eventually(() => there(deleted.client_id) === undefined)
    await keycloak.createByHand(copy ?? {})
    const clients = keycloak.clients as Map<string, unknown>
    clients.delete(keycloakId(removed.client_id))

    expect(await night()).toEqual({
      missing: 1,
      different: 1,
      unknown: 1,
      failed: 0,
      finished: true,
    })
    expect(there(changed.client_id)?.redirectUris).toEqual([])
    expect(there(removed.client_id)).toBeDefined()
    expect(there(deleted.client_id)).toBeUndefined()
    expect(keycloak.clients.has(byOthers)).toBe(true)
    expect(await night()).toEqual({
      missing: 0,
      different: 0,
      unknown: 0,
      failed: 0,
      finished: true,
    })
  })

  test('no secret is in the log', () => {
    const text = api.log.join('\n')
    expect(secrets.length).toBeGreaterThan(10)
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
  })
})
