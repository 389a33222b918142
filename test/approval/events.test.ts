import { parse } from 'valibot'
import { expect, test } from 'vitest'
import { details } from '../../lib/events/registry-event.ts'
import { snapshotEvent } from '../../lib/events/snapshot-event.ts'
import { decideRegistration } from '../../lib/operator/decide-registration.ts'
import { updateClientAdmin } from '../../lib/operator/update-client-admin.ts'
import { registerClient } from '../../lib/register-client.ts'
import type { Server } from '../../lib/server.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { eventsOf, recordsOf } from '../events/stream.ts'
import { initialAccessToken, now, ordinary } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'
import { testServer } from '../support/server.ts'

const bearer = masterToken

const settings: SettingsInput = { approval: 'disabled_until_approved' }

/** Registers a client that awaits approval; resolves to its identifier. */
async function pending(server: Server): Promise<string> {
  const token = await initialAccessToken(server, { sub: 'alice' })
  return (await registerClient({ bearer: token, body: ordinary, now }, server)).client_id
}

test.each([
  ['approve', 'client.approved', ['decision', 'disabled_at', 'pending_at']],
  ['reject', 'client.rejected', ['decision', 'pending_at']],
])('the decision to %s is published as %s', async (decision, type, changed) => {
  const server = await testServer({ settings })
  let client_id = ''
  const work = async () => {
    client_id = await pending(server)
    await updateClientAdmin({ bearer, client_id, now, body: { note: 'Ask them' } }, server)
    await decideRegistration({ bearer, client_id, now, body: { decision } }, server)
  }
  const events = eventsOf(await recordsOf(server, work)).filter(({ type: own }) =>
    own.startsWith('client.'),
  )
  for (const event of events) parse(details[event.type], event.detail)
  expect(events).toMatchObject([
    { type: 'client.pending', detail: { client_id, sequence: 1, owner: 'alice' } },
    { type: 'client.updated', detail: { sequence: 2, changed: ['note'] } },
    { type, detail: { sequence: 3, changed } },
  ])
})

test('a registration that awaits approval is published again as client.pending', async () => {
  const server = await testServer({ settings })
  const after = await server.clients.find(await pending(server))
  const change = { entity: 'client', id: '', time: now, before: undefined, after } as const
  expect(snapshotEvent(change)?.type).toBe('client.pending')
})
