import { DeleteCommand } from '@aws-sdk/lib-dynamodb'
import { describe, expect, test } from 'vitest'
import { errorResponse } from '../../functions/http/response.ts'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { restoreClients } from '../../lib/adapters/dynamodb/restore-clients.ts'
import { deleteClient } from '../../lib/delete-client.ts'
import { deleteClientAdmin } from '../../lib/operator/delete-client-admin.ts'
import { registerClient } from '../../lib/register-client.ts'
import type { Server } from '../../lib/server.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { updateClient } from '../../lib/update-client.ts'
import { initialAccessToken, now, ordinary, outcomeOf, tally } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { testServer } from '../support/server.ts'
import { stored } from '../support/stored.ts'

const limited = (max: number): SettingsInput => ({
  registration: 'dynamic',
  policies: ['maximum-clients-per-software'],
  policySettings: { 'maximum-clients-per-software': { max } },
})

const register = (server: Server, software_id: string | undefined = 'notes', bearer?: string) =>
  registerClient({ bearer, body: { ...ordinary, software_id }, now }, server)

const discard = (server: Server, client_id: string) =>
  deleteClientAdmin({ bearer: masterToken, client_id, now }, server)

const counts = async (server: { readonly TableName: string }) =>
  (await stored(server, 'OWNER#software#')).map(({ clients }) => clients)

describe('the policy maximum-clients-per-software', () => {
  test('is exact under fifty registrations at once', async () => {
    const server = await testServer({ settings: limited(7) })
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, () => outcomeOf(register(server))),
    )
    expect(tally(outcomes)).toEqual({ ok: 7, quota_exhausted: 43 })
    expect(await stored(server, 'CLIENT#')).toHaveLength(7)
    expect(await counts(server)).toEqual([7])
  })

  test('is answered by 403 and words that say what to do', async () => {
    const server = await testServer({ settings: limited(1) })
    await register(server)
    const rejection = await register(server).catch((error) => error)
    const { statusCode, body = '' } = errorResponse(rejection)
    expect(statusCode).toBe(403)
    expect(JSON.parse(body)).toEqual({
      error: 'access_denied',
      error_description: expect.stringContaining('delete a client, or ask the operator'),
    })
  })

  test('counts each software_id apart, and none that a client does not have', async () => {
    const server = await testServer({ settings: limited(1) })
    for (const software_id of ['notes', 'mail'])
      expect(await outcomeOf(register(server, software_id))).toBe('ok')
    const { software_id: _, ...none } = { ...ordinary, software_id: '' }
    for (let count = 0; count < 3; count += 1)
      expect(await outcomeOf(registerClient({ bearer: undefined, body: none, now }, server))).toBe(
        'ok',
      )
    expect(await counts(server)).toEqual([1, 1])
  })

  test('gives one back when the client, or the operator, deletes one, however often they try', async () => {
    const server = await testServer({ settings: limited(2) })
    const [one, two] = [await register(server), await register(server)]
    const { client_id, registration_access_token: bearer } = one
    const deletions = Array.from({ length: 10 }, () =>
      outcomeOf(deleteClient({ bearer, client_id, now }, server)),
    )
    expect(tally(await Promise.all(deletions))).toEqual({ ok: 1, invalid_token: 9 })
    expect(await counts(server)).toEqual([1])
    expect(await outcomeOf(discard(server, two.client_id))).toBe('ok')
    expect(await outcomeOf(discard(server, two.client_id))).toBe('not_found')
    expect(await counts(server)).toEqual([0])
  })

  test('gives back to the software_id of the registration, also after an update', async () => {
    const server = await testServer({ settings: limited(1) })
    const { client_id, registration_access_token: bearer } = await register(server)
    const body = { ...ordinary, client_id, software_id: 'mail' }
    await updateClient({ bearer, client_id, body, now }, server)
    expect(await outcomeOf(register(server))).toBe('quota_exhausted')
    await discard(server, client_id)
    expect(await outcomeOf(register(server))).toBe('ok')
  })

  test('gives back together with the quota of the owner, also where one count is lost', async () => {
    const policies = ['maximum-clients-per-software', 'maximum-clients-per-owner']
    const policySettings = {
      'maximum-clients-per-software': { max: 2 },
      'maximum-clients-per-owner': { max: 2 },
    }
    const server = await testServer({ settings: { policies, policySettings } })
    const bearer = await initialAccessToken(server, { sub: 'alice', max_uses: 9 })
    const ids: string[] = []
    for (let count = 0; count < 2; count += 1)
      ids.push((await register(server, 'notes', bearer)).client_id)
    const all = async () =>
      (await stored(server, 'OWNER#')).map(({ clients }) => Number(clients)).sort()
    expect(await all()).toEqual([2, 2])
    await discard(server, String(ids[0]))
    expect(await all()).toEqual([1, 1])
    const documents = documentClient({ endpoint: embeddedDynamodb })
    const [{ pk } = {}] = await stored(server, 'OWNER#software#')
    await documents.send(new DeleteCommand({ TableName: server.TableName, Key: { pk } }))
    documents.destroy()
    await discard(server, String(ids[1]))
    expect(await all()).toEqual([0, 0])
    expect(await stored(server, 'CLIENT#')).toEqual([])
  })

  test('counts a client that a restore puts back', async () => {
    const server = await testServer({ settings: limited(5) })
    const { client_id } = await register(server)
    const backup = await testServer()
    const documents = documentClient({ endpoint: embeddedDynamodb })
    const copy = { from: server.TableName, into: backup.TableName, replace: false, now }
    const restored = []
    for await (const { outcome } of restoreClients(documents, copy)) restored.push(outcome)
    expect(restored).toEqual(['restored'])
    expect(await counts(backup)).toEqual([1])
    await discard(backup, client_id)
    expect(await counts(backup)).toEqual([0])
    documents.destroy()
  })
})
