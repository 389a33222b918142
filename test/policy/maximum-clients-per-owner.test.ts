import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { describe, expect, test } from 'vitest'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { deleteClient } from '../../lib/delete-client.ts'
import { deleteClientAdmin } from '../../lib/operator/delete-client-admin.ts'
import { registerClient } from '../../lib/register-client.ts'
import type { Server } from '../../lib/server.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { generateRegistrationAccessToken } from '../../lib/tokens/registration-access-token.ts'
import { updateClient } from '../../lib/update-client.ts'
import { initialAccessToken, now, ordinary, outcomeOf, tally } from '../support/clients.ts'
import { composeServer, masterToken } from '../support/compose.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { testServer } from '../support/server.ts'
import { stored } from '../support/stored.ts'

const limited = (max: number): SettingsInput => ({
  initialAccessToken: { consumed: 'never' },
  policies: ['maximum-clients-per-owner'],
  policySettings: { 'maximum-clients-per-owner': { max } },
})

const register = (server: Server, bearer: string | undefined) =>
  registerClient({ bearer, body: ordinary, now }, server)

type Counting = { readonly TableName: string }

/** What a restore of items by hand, or a mistake, does to the count of the only owner. */
async function recount(server: Counting, clients: unknown) {
  const [{ pk } = {}] = await stored(server, 'OWNER#')
  return documents.send(
    new PutCommand({ TableName: server.TableName, Item: { pk, schema: 1, clients } }),
  )
}

async function forget(server: Counting) {
  const [{ pk } = {}] = await stored(server, 'OWNER#')
  return documents.send(new DeleteCommand({ TableName: server.TableName, Key: { pk } }))
}

const documents = documentClient({ endpoint: embeddedDynamodb })

const counters = async (server: { TableName: string }) =>
  (await stored(server, 'OWNER#')).map(({ clients }) => clients)

describe('the policy maximum-clients-per-owner', () => {
  test('is exact under fifty registrations at once, five times', async () => {
    const server = await testServer({ settings: limited(7) })
    for (let round = 1; round <= 5; round += 1) {
      const bearer = await initialAccessToken(server, { sub: `owner ${round}` })
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, () => outcomeOf(register(server, bearer))),
      )
      expect(tally(outcomes)).toEqual({ ok: 7, quota_exhausted: 43 })
      expect(await stored(server, 'CLIENT#')).toHaveLength(7 * round)
    }
    expect(await counters(server)).toEqual([7, 7, 7, 7, 7])
  })

  test('counts each owner apart, and all tokens of an owner together', async () => {
    const server = await testServer({ settings: limited(1) })
    const tokenOf = (sub: string) => initialAccessToken(server, { sub })
    expect(await outcomeOf(register(server, await tokenOf('alice')))).toBe('ok')
    expect(await outcomeOf(register(server, await tokenOf('alice')))).toBe('quota_exhausted')
    expect(await outcomeOf(register(server, await tokenOf('Alice')))).toBe('ok')
  })

  test('rejects who has no owner', async () => {
    const server = await testServer({ settings: limited(1) })
    for (const bearer of [await initialAccessToken(server), masterToken])
      expect(await outcomeOf(register(server, bearer))).toBe('invalid_client_metadata')
  })

  test('consumes no token on success where the owner has no more', async () => {
    const server = await testServer({ settings: limited(1) })
    const first = await initialAccessToken(server, { sub: 'alice' })
    const { client_id } = await register(server, first)
    const second = await initialAccessToken(server, { sub: 'alice', consumed: 'on_success' })
    expect(await outcomeOf(register(server, second))).toBe('quota_exhausted')
    await deleteClientAdmin({ bearer: masterToken, client_id, now }, server)
    expect(await outcomeOf(register(server, second))).toBe('ok')
  })

  test('gives one back when the client, or the operator, deletes one, however often they try', async () => {
    const server = await testServer({ settings: limited(2) })
    const bearer = await initialAccessToken(server, { sub: 'alice' })
    const [one, two] = [await register(server, bearer), await register(server, bearer)]
    const { client_id, registration_access_token: token } = one
    const deletions = Array.from({ length: 10 }, () =>
      outcomeOf(deleteClient({ bearer: token, client_id, now }, server)),
    )
    expect(tally(await Promise.all(deletions))).toEqual({ ok: 1, invalid_token: 9 })
    expect(await counters(server)).toEqual([1])
    const discard = () =>
      outcomeOf(deleteClientAdmin({ bearer: masterToken, client_id: two.client_id, now }, server))
    expect(tally(await Promise.all(Array.from({ length: 10 }, discard)))).toEqual({
      ok: 1,
      not_found: 9,
    })
    expect(await counters(server)).toEqual([0])
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => outcomeOf(register(server, bearer))),
    )
    expect(tally(outcomes)).toEqual({ ok: 2, quota_exhausted: 8 })
  })

  test('does not delete, or give back, for who lacks the token', async () => {
    const server = await testServer({ settings: limited(1) })
    const { client_id } = await register(server, await initialAccessToken(server, { sub: 'alice' }))
    const bearer = await generateRegistrationAccessToken(client_id, server.keyRing)
    expect(await outcomeOf(deleteClient({ bearer, client_id, now }, server))).toBe('invalid_token')
    expect(await counters(server)).toEqual([1])
  })

  test('is as quick to reject who lacks the token, and never in the way of its owner', async () => {
    const server = await testServer({ settings: limited(1) })
    const { client_id } = await register(server, await initialAccessToken(server, { sub: 'alice' }))
    const sent: string[] = []
    const documents = documentClient({ endpoint: embeddedDynamodb }, ({ command }) =>
      sent.push(command),
    )
    const watched = composeServer(documents, server.TableName, limited(1))
    const bearer = await generateRegistrationAccessToken(client_id, server.keyRing)
    await outcomeOf(deleteClient({ bearer, client_id, now }, watched))
    expect(sent).toEqual(['DeleteItemCommand'])
    documents.destroy()
  })

  test.each<[string, (server: Counting) => Promise<unknown>]>([
    ['is gone', (server) => forget(server)],
    ['is 0', (server) => recount(server, 0)],
    ['is below 0', (server) => recount(server, -1)],
    ['is no number', (server) => recount(server, 'many')],
  ])(
    'a client whose count %s is deleted by itself, and by the operator; the count is 0 then',
    async (_, spoil) => {
      const server = await testServer({ settings: limited(3) })
      const bearer = await initialAccessToken(server, { sub: 'alice' })
      const [one, two] = [await register(server, bearer), await register(server, bearer)]
      await spoil(server)
      const own = { bearer: one.registration_access_token, client_id: one.client_id, now }
      expect(await outcomeOf(deleteClient(own, server))).toBe('ok')
      expect(await counters(server)).toEqual([0])
      await spoil(server)
      const discarded = { bearer: masterToken, client_id: two.client_id, now }
      expect(await outcomeOf(deleteClientAdmin(discarded, server))).toBe('ok')
      expect(await outcomeOf(deleteClientAdmin(discarded, server))).toBe('not_found')
      expect(await counters(server)).toEqual([0])
      expect(await stored(server, 'CLIENT#')).toEqual([])
    },
  )

  test('stays in its bounds where clients are deleted and registered at once, after it was lost', async () => {
    const server = await testServer({ settings: limited(100) })
    const bearer = await initialAccessToken(server, { sub: 'alice' })
    const ids: string[] = []
    for (let count = 0; count < 5; count += 1) ids.push((await register(server, bearer)).client_id)
    await forget(server)
    const work = ids.flatMap((client_id) => [
      outcomeOf(deleteClientAdmin({ bearer: masterToken, client_id, now }, server)),
      outcomeOf(register(server, bearer)),
    ])
    expect(new Set(await Promise.all(work))).toEqual(new Set(['ok']))
    const [count] = await counters(server)
    // Each deletion gives back one that is counted at that moment, if there is one.
    expect(count).toBeGreaterThanOrEqual(0)
    expect(count).toBeLessThanOrEqual(5)
    expect(await stored(server, 'CLIENT#')).toHaveLength(5)
  })

  test('counts registrations, not updates', async () => {
    const server = await testServer({ settings: limited(1) })
    const answer = await register(server, await initialAccessToken(server, { sub: 'alice' }))
    const { client_id, registration_access_token: bearer } = answer
    const body = { ...ordinary, client_id }
    expect(await outcomeOf(updateClient({ bearer, client_id, body, now }, server))).toBe('ok')
    expect(await counters(server)).toEqual([1])
  })
})
