import { describe, expect, test } from 'vitest'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { type DeferredRegistration, registerOrDefer } from '../../lib/defer-registration.ts'
import { decideRegistration } from '../../lib/operator/decide-registration.ts'
import { getClient } from '../../lib/operator/get-client.ts'
import { listClients } from '../../lib/operator/list-clients.ts'
import {
  decidePendingRegistration,
  getPendingRegistration,
} from '../../lib/operator/pending-registration.ts'
import { updateClientAdmin } from '../../lib/operator/update-client-admin.ts'
import { cancelRegistration, pollRegistration } from '../../lib/poll-registration.ts'
import { readClient } from '../../lib/read-client.ts'
import { registerClient } from '../../lib/register-client.ts'
import type { Server } from '../../lib/server.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { now, ordinary, outcomeOf } from '../support/clients.ts'
import { composeServer, masterToken } from '../support/compose.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { testServer } from '../support/server.ts'
import { signer } from '../support/signer.ts'

const carol = signer('https://operators.example')
const { issuer, jwks } = carol
const operators = {
  accessTokenIssuers: [
    { issuer, jwks, audience: ['https://as.example/register'], administers: true },
  ],
}
const asCarol = carol.accessToken({ sub: 'carol', scope: 'client-admin' })

/** A server on which a client awaits approval, and the requests for it. */
async function awaiting() {
  const settings: SettingsInput = {
    ...operators,
    approval: 'disabled_until_approved',
    registration: 'dynamic',
  }
  const server = await testServer({ settings })
  const registered = await registerClient({ bearer: undefined, body: ordinary, now }, server)
  const { client_id, registration_access_token: token } = registered
  const decide = (body: object, bearer: string = masterToken, at = now + 60) =>
    decideRegistration({ bearer, client_id, now: at, body: { ...body } }, server)
  const read = () => readClient({ bearer: token, client_id, now }, server)
  return { server, client_id, decide, read }
}

describe('a client that awaits approval', () => {
  test('is still listed by its state, and decided on, after approval was turned off', async () => {
    const { server, client_id } = await awaiting()
    const documents = documentClient({ endpoint: embeddedDynamodb })
    const off = composeServer(documents, server.TableName, operators)
    const listed = async (query: Record<string, string>) =>
      (await listClients({ bearer: masterToken, now, query }, off)).clients
    expect(await listed({ state: 'pending' })).toMatchObject([{ client_id, state: 'pending' }])
    expect(await listed({})).toEqual([])
    const body = { decision: 'approve' }
    await decideRegistration({ bearer: masterToken, client_id, now, body }, off)
    expect(await listed({ state: 'pending' })).toEqual([])
    expect(await listed({})).toMatchObject([{ client_id, state: 'active' }])
  })

  test('reads nothing before the decision, and everything after an approval', async () => {
    const { decide, read } = await awaiting()
    expect(await outcomeOf(read())).toBe('unapproved_client')
    expect(await decide({ decision: 'approve', note: 'Known' })).toMatchObject({
      state: 'active',
      decision: {
        outcome: 'approved',
        decided_at: now + 60,
        operator: 'master token',
        note: 'Known',
      },
    })
    expect(await outcomeOf(read())).toBe('ok')
  })

  test('stays disabled after a rejection', async () => {
    const { decide, read } = await awaiting()
    expect(await decide({ decision: 'reject' })).toMatchObject({ state: 'disabled' })
    expect(await outcomeOf(read())).toBe('invalid_token')
  })

  test('is decided on once: the same operator may repeat the decision, and no other changes it', async () => {
    const { decide } = await awaiting()
    const first = await decide({ decision: 'approve' }, asCarol)
    expect(await decide({ decision: 'approve' }, asCarol, now + 90)).toEqual(first)
    const already = 'approved already by carol at 2027-01-15T08:01:00Z'
    for (const [decision, bearer] of [
      ['approve', masterToken],
      ['reject', asCarol],
    ])
      await expect(decide({ decision }, bearer)).rejects.toMatchObject({
        code: 'conflict',
        description: already,
      })
  })

  test('is decided on in the version that the operator has read', async () => {
    const { decide } = await awaiting()
    await expect(decide({ decision: 'approve', version: 2 })).rejects.toMatchObject({
      code: 'conflict',
      description: 'version: the client has another one; read it again',
    })
    expect(await decide({ decision: 'approve', version: 1 })).toMatchObject({ state: 'active' })
  })

  test('is not enabled but by a decision', async () => {
    const { server, client_id } = await awaiting()
    const change = { bearer: masterToken, client_id, now, body: { disabled: false } }
    await expect(updateClientAdmin(change, server)).rejects.toMatchObject({ code: 'conflict' })
    const { state } = await getClient({ bearer: masterToken, client_id, now }, server)
    expect(state).toBe('pending')
  })

  test('is listed by its state until the decision', async () => {
    const { server, client_id, decide } = await awaiting()
    const listed = async () => {
      const query = { state: 'pending' }
      const { clients } = await listClients({ bearer: masterToken, now, query }, server)
      return clients.map((client) => client.client_id)
    }
    expect(await listed()).toEqual([client_id])
    await decide({ decision: 'approve' })
    expect(await listed()).toEqual([])
  })

  test.each(['unknown', 'not an identifier'])(
    'is not one with the identifier %j',
    async (unknown) => {
      const { server } = await awaiting()
      const body = { decision: 'approve' }
      const request = { bearer: masterToken, client_id: unknown, now, body }
      expect(await outcomeOf(decideRegistration(request, server))).toBe('not_found')
    },
  )

  test('is not one that was registered without approval', async () => {
    const server = await testServer()
    const { client_id } = await registerClient({ bearer: masterToken, body: ordinary, now }, server)
    const body = { decision: 'approve' }
    await expect(
      decideRegistration({ bearer: masterToken, client_id, now, body }, server),
    ).rejects.toMatchObject({
      code: 'conflict',
      description: 'the client does not await approval',
    })
  })
})

/** A deferred registration, and the requests for it. */
async function deferred() {
  const settings: SettingsInput = { ...operators, approval: 'draft', registration: 'dynamic' }
  const server = await testServer({ settings })
  const { registration_code, verification_code, interval } = await defer(server)
  const decide = (decision: string, bearer = masterToken) =>
    decidePendingRegistration(
      { bearer, verification_code, now: now + 60, body: { decision } },
      server,
    )
  const poll = (at: number) => pollRegistration({ registration_code, now: at }, server)
  return { server, decide, poll, registration_code, verification_code, interval }
}

async function defer(server: Server): Promise<DeferredRegistration> {
  const body = { ...ordinary, registration_mode: ['approval'] }
  const answer = await registerOrDefer({ bearer: undefined, body, now }, server)
  if (!('registration_code' in answer)) throw new Error('it was not deferred')
  return answer
}

describe('a deferred registration', () => {
  test('is polled no more often than its interval says, and by one of several at once', async () => {
    const { poll, interval } = await deferred()
    expect(await outcomeOf(poll(now + interval - 1))).toBe('too_many_requests')
    const polls = Array.from({ length: 5 }, () => outcomeOf(poll(now + interval)))
    expect((await Promise.all(polls)).filter((outcome) => outcome === 'ok')).toHaveLength(1)
    expect(await poll(now + 2 * interval)).toEqual({ expires_in: 3600 - 2 * interval, interval })
  })

  test('registers one client after the approval, which ends its code', async () => {
    const { decide, poll } = await deferred()
    await decide('approve')
    expect(await poll(now + 61)).toMatchObject({ ...ordinary, client_id: expect.any(String) })
    expect(await outcomeOf(poll(now + 62))).toBe('invalid_registration')
  })

  test('is shown to the operator by its code as people type it, and no credential with it', async () => {
    const { server, verification_code, interval } = await deferred()
    const typed = verification_code.toLowerCase().replace('-', ' ')
    const request = { bearer: masterToken, verification_code: typed, now: now + interval }
    expect(await getPendingRegistration(request, server)).toEqual({
      verification_code,
      requested_at: now,
      expires_at: now + 3600,
      registration_method: 'anonymous',
      metadata: expect.objectContaining(ordinary),
    })
  })

  test('that was rejected registers nothing', async () => {
    const { decide, poll } = await deferred()
    await decide('reject')
    expect(await outcomeOf(poll(now + 61))).toBe('access_denied')
  })

  test('is decided on once: the same operator may repeat the decision, and no other changes it', async () => {
    const { decide } = await deferred()
    const first = await decide('reject', asCarol)
    expect(await decide('reject', asCarol)).toEqual(first)
    await expect(decide('approve', asCarol)).rejects.toMatchObject({ code: 'conflict' })
    await expect(decide('reject')).rejects.toMatchObject({ code: 'conflict' })
  })

  test('that its client cancelled is unknown', async () => {
    const { server, decide, poll, registration_code } = await deferred()
    await cancelRegistration({ registration_code, now: now + 1 }, server)
    expect(await outcomeOf(poll(now + 61))).toBe('invalid_registration')
    expect(await outcomeOf(decide('approve'))).toBe('not_found')
  })

  test.each([undefined, 1, 'WDJB-MJHT', `reg_WDJBMJHT_${'a'.repeat(43)}`])(
    'is not found by the code %j',
    async (registration_code) => {
      const { server } = await deferred()
      const poll = pollRegistration({ registration_code, now }, server)
      expect(await outcomeOf(poll)).toBe('invalid_registration')
    },
  )

  test('ends with an error of the server where every code is taken', async () => {
    const { server } = await deferred()
    const create = async () => ({ outcome: 'exists' }) as const
    const full = { ...server, pendingRegistrations: { ...server.pendingRegistrations, create } }
    expect(await outcomeOf(defer(full))).toBe('server_error')
  })
})
