import { describe, expect, test } from 'vitest'
import { deleteClient } from '../../lib/delete-client.ts'
import { getClient } from '../../lib/operator/get-client.ts'
import { reissueRegistrationAccessToken } from '../../lib/operator/reissue-registration-access-token.ts'
import { updateClientAdmin } from '../../lib/operator/update-client-admin.ts'
import type { RequestLogFields } from '../../lib/ports/request-log-fields.ts'
import { readClient } from '../../lib/read-client.ts'
import type { Server } from '../../lib/server.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { updateClient } from '../../lib/update-client.ts'
import { unreliableDynamodb } from '../doubles/unreliable-dynamodb.ts'
import { now, ordinary, outcomeOf, registered, tally } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { testServer } from '../support/server.ts'

type Own = NonNullable<SettingsInput['registrationAccessToken']>

/** A server, and what its operations note; a token that is used again disables its client. */
async function disabling(own: Own = {}, endpoint = embeddedDynamodb) {
  const settings = {
    registrationAccessToken: {
      rotateOn: ['read' as const, 'update' as const],
      reuseWindow: 30,
      onReuse: 'disable' as const,
      ...own,
    },
  }
  const notes: RequestLogFields[] = []
  const server = await testServer({ settings, endpoint })
  return { ...server, annotate: (one: RequestLogFields) => notes.push(one), notes }
}

const read = (server: Server, client_id: string, bearer: string | undefined, at = now) =>
  readClient({ bearer, client_id, now: at }, server)

const update = (server: Server, client_id: string, bearer: string | undefined, at = now) =>
  updateClient({ bearer, client_id, body: { ...ordinary, client_id }, now: at }, server)

const remove = (server: Server, client_id: string, bearer: string | undefined, at = now) =>
  deleteClient({ bearer, client_id, now: at }, server)

const disabledAt = async (server: Server, client_id: string) =>
  (await getClient({ bearer: masterToken, client_id, now }, server)).disabled_at

describe('a registration access token that was replaced and is used again (RFC 9700 §4.14.2)', () => {
  test.each([
    ['read', read],
    ['update', update],
    ['deletion', remove],
  ])('disables its client by a %s outside the window, once, and says so', async (_, again) => {
    const server = await disabling()
    const { client_id, token } = await registered(server)
    const { registration_access_token: current } = await read(server, client_id, token)
    expect(await outcomeOf(again(server, client_id, token, now + 30))).toBe('invalid_token')
    expect(await disabledAt(server, client_id)).toBe(now + 30)
    expect(server.notes.filter(({ disabled }) => disabled)).toHaveLength(1)
    expect(server.warnings).toEqual([
      `client ${client_id} disabled: a replaced registration access token was used again`,
    ])
    for (const bearer of [token, current])
      expect(await outcomeOf(read(server, client_id, bearer, now + 31))).toBe('invalid_token')
    expect(await disabledAt(server, client_id)).toBe(now + 30)
    expect(server.warnings).toHaveLength(1)
  })

  test('is only rejected unless the settings say so', async () => {
    const server = await disabling({ onReuse: 'refuse' })
    const { client_id, token } = await registered(server)
    const { registration_access_token: current } = await read(server, client_id, token)
    expect(await outcomeOf(read(server, client_id, token, now + 30))).toBe('invalid_token')
    expect(await outcomeOf(read(server, client_id, current, now + 30))).toBe('ok')
  })

  test('where only updates rotate, disables its client by a read', async () => {
    const server = await disabling({ rotateOn: ['update'] })
    const { client_id, token } = await registered(server)
    await update(server, client_id, token)
    expect(await outcomeOf(read(server, client_id, token, now + 30))).toBe('invalid_token')
    expect(await disabledAt(server, client_id)).toBe(now + 30)
  })

  test('without a window disables its client at once', async () => {
    const server = await disabling({ reuseWindow: 0 })
    const { client_id, token } = await registered(server)
    await read(server, client_id, token)
    expect(await outcomeOf(read(server, client_id, token))).toBe('invalid_token')
    expect(await disabledAt(server, client_id)).toBe(now)
  })

  test('is distinguished from an honest client inside the window: twenty reads at once, and updates', async () => {
    const server = await disabling()
    const { client_id, token } = await registered(server)
    const twenty = Array.from({ length: 20 }, () => outcomeOf(read(server, client_id, token)))
    expect(tally(await Promise.all(twenty))).toEqual({ ok: 20 })
    const updates = [update, update].map((one) =>
      outcomeOf(one(server, client_id, token, now + 29)),
    )
    expect(tally(await Promise.all(updates))).toEqual({ ok: 2 })
    expect(await disabledAt(server, client_id)).toBeUndefined()
  })

  test.each([0, 30])(
    'is not the retry of a request whose answer was lost on the way from the database, window %i',
    async (reuseWindow) => {
      const dynamodb = await unreliableDynamodb(embeddedDynamodb)
      try {
        const server = await disabling({ reuseWindow }, dynamodb.endpoint)
        const { client_id, token } = await registered(server)
        dynamodb.fail('UpdateItem', 'answer lost')
        const { registration_access_token: next } = await read(server, client_id, token)
        expect(await outcomeOf(read(server, client_id, next))).toBe('ok')
        expect(await disabledAt(server, client_id)).toBeUndefined()
      } finally {
        await dynamodb.close()
      }
    },
  )

  test('is the predecessor only: one from before that, and a guess, are rejected and disable nothing', async () => {
    const server = await disabling()
    const { client_id, token } = await registered(server)
    const { registration_access_token: second } = await read(server, client_id, token)
    const { registration_access_token: third } = await read(server, client_id, second)
    for (const bearer of [token, `rat_${'a'.repeat(43)}`, `rat_${'a'.repeat(64)}`])
      expect(await outcomeOf(read(server, client_id, bearer, now + 60))).toBe('invalid_token')
    expect(await outcomeOf(read(server, client_id, third, now + 60))).toBe('ok')
  })

  test('means nothing any more once the operator has re-issued the token and enabled the client', async () => {
    const server = await disabling()
    const { client_id, token } = await registered(server)
    await read(server, client_id, token)
    await outcomeOf(read(server, client_id, token, now + 30))
    const request = { bearer: masterToken, client_id, now: now + 60 }
    const { registration_access_token } = await reissueRegistrationAccessToken(request, server)
    await updateClientAdmin({ ...request, body: { disabled: false } }, server)
    expect(await outcomeOf(read(server, client_id, token, now + 60))).toBe('invalid_token')
    const renewed = read(server, client_id, registration_access_token, now + 60)
    expect(await outcomeOf(renewed)).toBe('ok')
  })
})
