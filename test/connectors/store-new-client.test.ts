import { afterAll, describe, expect, test } from 'vitest'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { type DeferredRegistration, registerOrDefer } from '../../lib/defer-registration.ts'
import { OAuthError } from '../../lib/errors.ts'
import { decidePendingRegistration } from '../../lib/operator/pending-registration.ts'
import { pollRegistration } from '../../lib/poll-registration.ts'
import type { RegistrationHook } from '../../lib/ports/registration-hook.ts'
import { registerClient } from '../../lib/register-client.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { unreliableDynamodb } from '../doubles/unreliable-dynamodb.ts'
import { initialAccessToken, now, ordinary, outcomeOf } from '../support/clients.ts'
import { composeServer, masterToken } from '../support/compose.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { stored } from '../support/stored.ts'
import { createTable } from '../support/table.ts'

const dynamodb = await unreliableDynamodb(embeddedDynamodb)
afterAll(() => dynamodb.close())

/** A server with a hook that keeps the calls, and does this for a registration. */
async function hooked(
  registered: RegistrationHook['registered'] = async () => {},
  settings: SettingsInput = {},
  undo: RegistrationHook['undo'] = async () => {},
) {
  const calls: string[] = []
  const TableName = await createTable(embeddedDynamodb)
  const { endpoint } = dynamodb
  const server = composeServer(documentClient({ endpoint }), TableName, settings)
  const onRegistered: RegistrationHook = {
    registered(client, signal) {
      calls.push(`registered ${client.client.client_id}`)
      return registered(client, signal)
    },
    undo(client_id, signal) {
      calls.push(`undo ${client_id}`)
      return undo(client_id, signal)
    },
  }
  return { ...server, onRegistered, calls }
}

type Hooked = Awaited<ReturnType<typeof hooked>>

const register = (server: Hooked, bearer = masterToken) =>
  registerClient({ bearer, body: { ...ordinary }, now }, server)

describe('the order of hook and write', () => {
  test('the client is not stored while the hook runs, and is afterwards', async () => {
    const during: number[] = []
    const server = await hooked(async () => {
      during.push((await stored(server, 'CLIENT#')).length)
    })
    const { client_id } = await register(server)
    expect(during).toEqual([0])
    expect((await stored(server, 'CLIENT#')).map(({ pk }) => pk)).toEqual([`CLIENT#${client_id}`])
    expect(server.calls).toEqual([`registered ${client_id}`])
  })

  test('the hook is not called for a client_id that exists', async () => {
    const server = await hooked()
    const generators = { ...server.generators, clientId: () => 'the-same' }
    const twice = { ...server, generators }
    await register(twice)
    await expect(register(twice)).rejects.toThrow('the generated client_id already exists')
    expect(server.calls).toEqual(['registered the-same'])
  })

  test('a hook that takes too long is aborted before it is undone', async () => {
    const aborted: boolean[] = []
    let signalled: AbortSignal | undefined
    const server = await hooked(
      (_, signal) => {
        signalled = signal
        return new Promise(() => {})
      },
      {},
      async () => {
        aborted.push(signalled?.aborted ?? false)
      },
    )
    const bearer = await initialAccessToken(server)
    expect(await outcomeOf(register(server, bearer))).toBe('temporarily_unavailable')
    expect(aborted).toEqual([true])
    expect(await stored(server, 'CLIENT#')).toEqual([])
  })

  test.each([
    ['a text', 'no secret'],
    ['nothing', undefined],
  ])('a hook that throws %s rejects the registration', async (_, thrown) => {
    const server = await hooked(async () => {
      throw thrown
    })
    expect(await outcomeOf(register(server))).toBe('temporarily_unavailable')
  })

  test('a 5xx of the hook is answered 503', async () => {
    const server = await hooked(async () => {
      throw new OAuthError('server_error', 'a mistake')
    })
    expect(await outcomeOf(register(server))).toBe('temporarily_unavailable')
  })

  test('a failed undo is a warning, and the response is about its cause', async () => {
    const server = await hooked(
      async () => {
        throw new OAuthError('invalid_client_metadata', 'not here')
      },
      {},
      async () => {
        throw new Error('unavailable')
      },
    )
    expect(await outcomeOf(register(server))).toBe('invalid_client_metadata')
    expect(server.warnings).toEqual([
      expect.stringMatching(/^the registration of \S+ could not be/),
    ])
  })
})

describe('a write whose outcome is not known', () => {
  test('is not undone where the client is stored', async () => {
    const server = await hooked()
    dynamodb.fail('PutItem', 'answer lost', 'request lost', 'request lost')
    expect(await outcomeOf(register(server))).toBe('temporarily_unavailable')
    expect(await stored(server, 'CLIENT#')).toHaveLength(1)
    expect(server.calls).toEqual([expect.stringMatching(/^registered/)])
  })

  test('is undone where the client is not stored', async () => {
    const server = await hooked()
    dynamodb.fail('PutItem', 'request lost', 'request lost', 'request lost')
    expect(await outcomeOf(register(server))).toBe('temporarily_unavailable')
    const [, client_id] = server.calls[0]?.split(' ') ?? []
    expect(server.calls).toEqual([`registered ${client_id}`, `undo ${client_id}`])
  })

  test('is left to the reconciliation where the table cannot be read', async () => {
    const server = await hooked(async () => {
      const lost = ['request lost', 'request lost', 'request lost'] as const
      dynamodb.fail('PutItem', ...lost)
      dynamodb.fail('GetItem', ...lost)
    })
    expect(await outcomeOf(register(server))).toBe('temporarily_unavailable')
    expect(server.calls).toEqual([expect.stringMatching(/^registered/)])
    expect(server.warnings).toEqual([expect.stringMatching(/could not be undone$/)])
  })
})

test('a deferred registration calls the hook when it is polled, and can be polled again', async () => {
  let isUp = false
  const server = await hooked(
    async () => {
      if (!isUp) throw new Error('down')
    },
    { approval: 'draft', registration: 'dynamic' },
  )
  const body = { ...ordinary, registration_mode: ['approval'] }
  const deferred = await registerOrDefer({ bearer: undefined, body, now }, server)
  const { registration_code, verification_code } = deferred as DeferredRegistration
  expect(server.calls).toEqual([])
  await decidePendingRegistration(
    { bearer: masterToken, verification_code, now, body: { decision: 'approve' } },
    server,
  )
  const poll = () => pollRegistration({ registration_code, now: now + 10 }, server)
  expect(await outcomeOf(poll())).toBe('temporarily_unavailable')
  isUp = true
  const polled = await poll()
  expect(server.calls.at(-1)).toBe(`registered ${'client_id' in polled && polled.client_id}`)
})

test('a registration that awaits approval is inactive for the hook', async () => {
  const active: boolean[] = []
  const server = await hooked(
    async ({ isActive }) => {
      active.push(isActive)
    },
    { approval: 'disabled_until_approved' },
  )
  await register(server, await initialAccessToken(server))
  await register(server)
  expect(active).toEqual([false, true])
})
