import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deleteClient } from '../../lib/delete-client.ts'
import { readClient } from '../../lib/read-client.ts'
import { registerClient } from '../../lib/register-client.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { updateClient } from '../../lib/update-client.ts'
import {
  type Fault,
  type UnreliableDynamodb,
  unreliableDynamodb,
} from '../doubles/unreliable-dynamodb.ts'
import { initialAccessToken, now, ordinary, outcomeOf, registered } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { testServer } from '../support/server.ts'

type Served = Awaited<ReturnType<typeof testServer>>

const settings = {
  registrationAccessToken: { rotateOn: ['read', 'update'], reuseWindow: 30 },
} satisfies SettingsInput

/** The server, with something that happens in the database before each call of a write. */
const preceded = (server: Served, write: 'replace' | 'delete', before: () => Promise<unknown>) => {
  const { clients } = server
  const called = async <Arguments extends unknown[], Result>(
    original: (...request: Arguments) => Result,
    ...request: Arguments
  ) => {
    await before()
    return original(...request)
  }
  return {
    ...server,
    clients: {
      ...clients,
      [write]: (...request: unknown[]) => called(clients[write] as never, ...request),
    },
  } as Served
}

describe('a request that others precede', () => {
  test('is temporarily unavailable if eight updates precede an update', async () => {
    const server = await testServer({ settings: { registrationAccessToken: { rotateOn: [] } } })
    const { client_id, token: bearer } = await registered(server)
    const request = { bearer, client_id, body: { ...ordinary, client_id }, now }
    let others = 0
    const busy = preceded(server, 'replace', () => {
      others += 1
      return updateClient(request, server)
    })
    expect(await outcomeOf(updateClient(request, busy))).toBe('temporarily_unavailable')
    expect(others).toBe(8)
    expect(await outcomeOf(updateClient(request, server))).toBe('ok')
  })

  test('deletes the client though a read has just rotated its token', async () => {
    const server = await testServer({ settings })
    const { client_id, token: bearer } = await registered(server)
    const request = { bearer, client_id, now }
    let reads = 0
    const rotated = preceded(server, 'delete', async () => {
      reads += 1
      if (reads === 1) await readClient(request, server)
    })
    await deleteClient(request, rotated)
    expect(reads).toBe(2)
    expect(await server.clients.find(client_id)).toBeUndefined()
  })

  test('deletes nothing if the client is deleted meanwhile', async () => {
    const server = await testServer({ settings })
    const { client_id, token: bearer } = await registered(server)
    const request = { bearer, client_id, now }
    let next: string | undefined
    const raced = preceded(server, 'delete', async () => {
      if (next === undefined) next = (await readClient(request, server)).registration_access_token
      else await deleteClient({ ...request, bearer: next }, server)
    })
    expect(await outcomeOf(deleteClient(request, raced))).toBe('invalid_token')
  })
})

test('a client_id that the generator repeats is an error of the server, and the first client stays', async () => {
  const server = await testServer()
  const repeating = { ...server, generators: { ...server.generators, clientId: () => 'one' } }
  const request = { bearer: masterToken, body: { ...ordinary }, now }
  const { client_secret } = await registerClient(request, repeating)
  await expect(registerClient(request, repeating)).rejects.toMatchObject({
    code: 'server_error',
    description: 'the generated client_id already exists',
  })
  const stored = await server.clients.find('one')
  expect(client_secret).toBeDefined()
  expect(stored?.version).toBe(1)
})

describe('a counted client', () => {
  let dynamodb: UnreliableDynamodb
  beforeAll(async () => {
    dynamodb = await unreliableDynamodb(embeddedDynamodb)
  })
  afterAll(() => dynamodb.close())

  /** DynamoDB's answer where the count is not what the transaction expects. */
  const otherCount: Fault = {
    status: 400,
    body: {
      __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
      message: 'Transaction cancelled, please refer cancellation reasons for specific reasons',
      CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }],
    },
  }

  test('is not deleted while others change the count again and again', async () => {
    const server = await testServer({
      endpoint: dynamodb.endpoint,
      settings: {
        policies: ['maximum-clients-per-owner'],
        policySettings: { 'maximum-clients-per-owner': { max: 2 } },
      },
    })
    const bearer = await initialAccessToken(server, { sub: 'alice' })
    const { client_id, registration_access_token: token } = await registerClient(
      { bearer, body: { ...ordinary }, now },
      server,
    )
    const request = { bearer: token, client_id, now }
    dynamodb.fail('TransactWriteItems', otherCount, otherCount, otherCount, otherCount)
    expect(await outcomeOf(deleteClient(request, server))).toBe('temporarily_unavailable')
    expect(await outcomeOf(deleteClient(request, server))).toBe('ok')
  })
})
