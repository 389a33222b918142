import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ClientConfigurationRequest } from '../../lib/client-configuration-request.ts'
import { deleteClient } from '../../lib/delete-client.ts'
import { deleteClientAdmin } from '../../lib/operator/delete-client-admin.ts'
import { listInitialAccessTokens } from '../../lib/operator/list-initial-access-tokens.ts'
import { reissueRegistrationAccessToken } from '../../lib/operator/reissue-registration-access-token.ts'
import { updateClientAdmin } from '../../lib/operator/update-client-admin.ts'
import { readClient } from '../../lib/read-client.ts'
import { registerClient } from '../../lib/register-client.ts'
import type { Server } from '../../lib/server.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { initialAccessTokenId } from '../../lib/tokens/initial-access-token.ts'
import { updateClient } from '../../lib/update-client.ts'
import {
  throttled,
  transactionConflict,
  type UnreliableDynamodb,
  unreliableDynamodb,
} from '../doubles/unreliable-dynamodb.ts'
import { initialAccessToken, now, ordinary, outcomeOf, registered } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { testServer } from '../support/server.ts'

let dynamodb: UnreliableDynamodb
beforeAll(async () => {
  dynamodb = await unreliableDynamodb(embeddedDynamodb)
})
afterAll(() => dynamodb.close())

const unreliable = (settings: SettingsInput = {}) =>
  testServer({ settings, endpoint: dynamodb.endpoint })

/** Asks for the outcome, and that the operation really was tried this often. */
async function expectAttempts(
  operation: string,
  attempts: number,
  request: () => Promise<unknown>,
) {
  const before = dynamodb.requests.filter((name) => name === operation).length
  const answer = await request()
  const after = dynamodb.requests.filter((name) => name === operation).length
  expect(after - before).toBe(attempts)
  return answer
}

describe("a write of somebody else is not taken for one's own", () => {
  test('a deletion that was throttled first, of a client that is not there, is rejected', async () => {
    const server = await unreliable()
    const { token } = await registered(server)
    dynamodb.fail('DeleteItem', throttled)
    const request = deleteClient({ bearer: token, client_id: 'never-registered', now }, server)
    expect(await outcomeOf(request)).toBe('invalid_token')
  })

  test('a read whose request was lost on the way rotates once', async () => {
    const server = await unreliable({ registrationAccessToken: { rotateOn: ['read', 'update'] } })
    const { client_id, token } = await registered(server)
    dynamodb.fail('UpdateItem', 'request lost')
    const answer = await readClient({ bearer: token, client_id, now }, server)
    const next = answer.registration_access_token
    expect(await outcomeOf(readClient({ bearer: next, client_id, now }, server))).toBe('ok')
  })
})

describe('somebody else writes between a lost answer and the retry', () => {
  test.each([
    [
      'a read',
      (request: ClientConfigurationRequest, server: Server) => readClient(request, server),
    ],
    [
      'an update',
      (request: ClientConfigurationRequest, server: Server) =>
        updateClient({ ...request, body: { ...ordinary, client_id: request.client_id } }, server),
    ],
  ])('%s recognizes its rotation, although the operator changed the client', async (_, send) => {
    const server = await unreliable({
      registrationAccessToken: { rotateOn: ['read', 'update'], onReuse: 'disable' },
    })
    const { client_id, token } = await registered(server)
    const note = { bearer: masterToken, client_id, body: { note: 'A note' }, now }
    dynamodb.fail('UpdateItem', () => updateClientAdmin(note, server))
    const answer = await send({ bearer: token, client_id, now }, server)
    const next = { bearer: answer.registration_access_token, client_id, now }
    expect(await outcomeOf(readClient(next, server))).toBe('ok')
  })

  test.each<[string, SettingsInput['registrationAccessToken']]>([
    ['keeps the token', { rotateOn: [] }],
    ['rotates the token', { rotateOn: ['update'], reuseWindow: 30 }],
  ])(
    'an update that %s is temporarily_unavailable where another one replaced it, and is not repeated',
    async (_, registrationAccessToken) => {
      const server = await unreliable({ registrationAccessToken })
      const { client_id, token } = await registered(server)
      const update = (client_name: string) =>
        updateClient(
          { bearer: token, client_id, body: { ...ordinary, client_id, client_name }, now },
          server,
        )
      dynamodb.fail('UpdateItem', () => update('Second'))
      expect(await outcomeOf(update('First'))).toBe('temporarily_unavailable')
      const found = await server.clients.find(client_id)
      expect(found).toMatchObject({ version: 3, metadata: { client_name: 'Second' } })
    },
  )

  test.each([
    ['reissued the token', reissueRegistrationAccessToken],
    ['deleted the client', deleteClientAdmin],
  ])('a rotation is temporarily_unavailable where the operator %s', async (_, administer) => {
    const server = await unreliable({ registrationAccessToken: { rotateOn: ['read', 'update'] } })
    const { client_id, token } = await registered(server)
    const administration = { bearer: masterToken, client_id, now }
    dynamodb.fail('UpdateItem', () => administer(administration, server))
    const read = () => readClient({ bearer: token, client_id, now }, server)
    expect(await outcomeOf(read())).toBe('temporarily_unavailable')
    expect(await outcomeOf(read())).toBe('invalid_token')
  })
})

describe('DynamoDB cannot answer', () => {
  test('a transaction that meets another one is tried again after a fresh read', async () => {
    const server = await unreliable()
    const bearer = await initialAccessToken(server)
    dynamodb.fail('TransactWriteItems', transactionConflict, transactionConflict)
    await expectAttempts('TransactWriteItems', 3, () =>
      registerClient({ bearer, body: ordinary, now }, server),
    )
    expect(await usesLeft(bearer, server)).toBe(0)
  })

  test('a lost answer, and then a conflict with the very transaction that took effect, still succeed', async () => {
    const server = await unreliable()
    const bearer = await initialAccessToken(server)
    dynamodb.fail('TransactWriteItems', 'answer lost', transactionConflict)
    const answer = await registerClient({ bearer, body: ordinary, now }, server)
    expect(await server.clients.find(answer.client_id)).toMatchObject({ version: 1 })
    expect(await usesLeft(bearer, server)).toBe(0)
  })

  test('a token that the other transaction consumed is rejected after the fresh read', async () => {
    const server = await unreliable()
    const bearer = await initialAccessToken(server)
    const consumed = registerClient({ bearer, body: ordinary, now }, server)
    dynamodb.fail('TransactWriteItems', transactionConflict)
    const late = registerClient({ bearer, body: ordinary, now }, server)
    const outcomes = await Promise.all([outcomeOf(consumed), outcomeOf(late)])
    expect(outcomes.sort()).toEqual(['invalid_token', 'ok'])
  })

  test('conflicts without end are temporarily_unavailable, and the token is not consumed', async () => {
    const server = await unreliable()
    const bearer = await initialAccessToken(server)
    dynamodb.fail('TransactWriteItems', ...Array(20).fill(transactionConflict))
    const request = registerClient({ bearer, body: ordinary, now }, server)
    expect(await outcomeOf(request)).toBe('temporarily_unavailable')
    dynamodb.fail('TransactWriteItems')
    expect(await usesLeft(bearer, server)).toBe(1)
  })

  test.each([
    ['PutItem', throttled],
    ['PutItem', 'request lost' as const],
  ])('%s throttled or lost four times is temporarily_unavailable', async (operation, fault) => {
    const server = await unreliable({ registration: 'dynamic' })
    dynamodb.fail(operation, fault, fault, fault, fault)
    const request = registerClient({ bearer: undefined, body: ordinary, now }, server)
    expect(await outcomeOf(request)).toBe('temporarily_unavailable')
  })
})

async function usesLeft(bearer: string, server: Awaited<ReturnType<typeof unreliable>>) {
  const id = initialAccessTokenId(bearer)
  const { initial_access_tokens } = await listInitialAccessTokens(
    { bearer: masterToken, now, limit: undefined, cursor: undefined },
    server,
  )
  return initial_access_tokens.find((token) => token.id === id)?.uses_left
}
