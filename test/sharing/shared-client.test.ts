import { describe, expect, test } from 'vitest'
import { deleteClient } from '../../lib/delete-client.ts'
import { deleteClientAdmin } from '../../lib/operator/delete-client-admin.ts'
import { getClient } from '../../lib/operator/get-client.ts'
import { reissueRegistrationAccessToken } from '../../lib/operator/reissue-registration-access-token.ts'
import { updateClientAdmin } from '../../lib/operator/update-client-admin.ts'
import { readClient } from '../../lib/read-client.ts'
import { registerClient } from '../../lib/register-client.ts'
import type { Server } from '../../lib/server.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import {
  generateRegistrationAccessToken,
  mayBeTokenOf,
} from '../../lib/tokens/registration-access-token.ts'
import { updateClient } from '../../lib/update-client.ts'
import { now, outcomeOf, tally } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'
import { problemsOf } from '../support/problems-of.ts'
import { testServer } from '../support/server.ts'
import { stored } from '../support/stored.ts'

const sharing = (more: SettingsInput = {}) =>
  testServer({ settings: { registration: 'dynamic', sharing: 'public', ...more } })

const program = {
  client_name: 'A program',
  redirect_uris: ['http://127.0.0.1:4711/callback'],
  token_endpoint_auth_method: 'none',
}

const register = (server: Server, at = now, more: object = {}) =>
  registerClient({ bearer: undefined, body: { ...program, ...more }, now: at }, server)

const read = (
  server: Server,
  { client_id, registration_access_token: bearer }: Awaited<ReturnType<typeof register>>,
  at = now,
) => readClient({ bearer, client_id, now: at }, server)

const byOperator = (client_id: string) => ({ bearer: masterToken, client_id, now })

describe('a shared client', () => {
  test('is created once by fifty registrations at once', async () => {
    const server = await sharing()
    const answers = await Promise.all(Array.from({ length: 50 }, () => register(server)))
    expect(new Set(answers.map(({ client_id }) => client_id)).size).toBe(1)
    expect(await stored(server, '')).toHaveLength(1)
    for (const answer of answers) expect(await outcomeOf(read(server, answer))).toBe('ok')
  })

  test('has the identifier that its metadata and issuer make', async () => {
    const [one, other] = [await sharing(), await sharing()]
    const { client_id } = await register(one)
    expect(client_id).toMatch(/^shared_[\w-]{43}$/)
    expect((await register(other)).client_id).toBe(client_id)
    const elsewhere = { ...other, issuer: 'https://elsewhere.example' }
    expect((await register(elsewhere)).client_id).not.toBe(client_id)
  })

  test('is stored without the port, once for each redirect URI', async () => {
    const server = await sharing()
    const redirect_uris = [
      'http://127.0.0.1:1/a',
      'http://127.0.0.1:2/a',
      'http://[::1]:3',
      'com.example:/y',
    ]
    await register(server, now, { redirect_uris, application_type: 'native' })
    expect(await stored(server, 'CLIENT#')).toMatchObject([
      { metadata: { redirect_uris: ['http://127.0.0.1/a', 'http://[::1]', 'com.example:/y'] } },
    ])
  })

  test('keeps its version and sequence when instances join', async () => {
    const server = await sharing()
    const { client_id } = await register(server)
    for (let count = 0; count < 4; count += 1) await register(server, now + count)
    const view = await getClient(byOperator(client_id), server)
    expect(view).toMatchObject({ version: 1, sequence: 1, instances: 5, client_id_issued_at: now })
  })

  test('counts four hundred instances within four standard errors', async () => {
    const server = await sharing()
    const { client_id } = await register(server)
    for (let round = 0; round < 40; round += 1)
      await Promise.all(Array.from({ length: 10 }, () => register(server)))
    const { instances = 0 } = await getClient(byOperator(client_id), server)
    expect(Math.abs(instances - 401)).toBeLessThan(200)
  })

  test('is given to an instance although it cannot be counted', async () => {
    const server = await sharing()
    await register(server)
    const countInstances = () => Promise.reject(new Error('throttled'))
    const failing = { ...server, clients: { ...server.clients, countInstances } }
    expect(await outcomeOf(register(failing))).toBe('ok')
    expect(server.warnings).toEqual(['an instance of a shared client was not counted'])
  })

  test('rejects new instances while it is disabled, and is read by none', async () => {
    const server = await sharing()
    const answer = await register(server)
    const { client_id } = answer
    const disable = (disabled: boolean) =>
      updateClientAdmin({ ...byOperator(client_id), body: { disabled } }, server)
    await disable(true)
    await expect(
      register(server, now, { redirect_uris: ['http://127.0.0.1:1/callback'] }),
    ).rejects.toMatchObject({ status: 400, error: 'invalid_client_metadata' })
    expect(await outcomeOf(read(server, answer))).toBe('invalid_token')
    await disable(false)
    expect(await outcomeOf(register(server))).toBe('ok')
    expect(await outcomeOf(read(server, answer))).toBe('ok')
  })

  test('ends with its tokens when the operator deletes it, and may be registered again', async () => {
    const server = await sharing()
    const old = await register(server)
    await deleteClientAdmin(byOperator(old.client_id), server)
    expect(await outcomeOf(read(server, old))).toBe('invalid_token')
    const again = await register(server, now + 1)
    expect(again.client_id).toBe(old.client_id)
    expect(await outcomeOf(read(server, old))).toBe('invalid_token')
    expect(await outcomeOf(read(server, again))).toBe('ok')
  })

  test('is created again where it is deleted while an equal registration looks for it', async () => {
    const server = await sharing()
    const { client_id } = await register(server)
    let finds = 0
    const find = async (id: string) => {
      finds += 1
      // The first look comes before the client, the second one after its deletion.
      if (finds === 2) await deleteClientAdmin(byOperator(client_id), server)
      return finds === 1 ? undefined : server.clients.find(id)
    }
    const overtaken = { ...server, clients: { ...server.clients, find } }
    const answer = await register(overtaken)
    expect(answer.client_id).toBe(client_id)
    expect(await stored(server, 'CLIENT#')).toHaveLength(1)
    expect(await outcomeOf(read(server, answer))).toBe('ok')
  })

  test('is changed by nobody: not by its instances, and by no token of the operator', async () => {
    const server = await sharing()
    const { client_id, registration_access_token: bearer } = await register(server)
    const body = { ...program, client_id, redirect_uris: ['http://127.0.0.1:1/elsewhere'] }
    const ordinary = await generateRegistrationAccessToken(client_id, server.keyRing)
    for (const [token, outcome] of [
      [bearer, 'insufficient_scope'],
      [ordinary, 'invalid_token'],
      [`rat_${'a'.repeat(43)}`, 'invalid_token'],
      [undefined, 'missing_token'],
    ] as const) {
      const request = { bearer: token, client_id, now }
      expect(await outcomeOf(updateClient({ ...request, body }, server))).toBe(outcome)
      expect(await outcomeOf(deleteClient(request, server))).toBe(outcome)
    }
    expect(await outcomeOf(reissueRegistrationAccessToken(byOperator(client_id), server))).toBe(
      'invalid_request',
    )
    expect(await stored(server, 'CLIENT#')).toMatchObject([{ version: 1, sequence: 1 }])
  })

  test.each([['scoped'], ['token'], ['disabled']] as const)(
    'contradicts registration: %s, which the settings say',
    (registration) => {
      expect(problemsOf({ sharing: 'public', registration }).join()).toContain('sharing: contr')
    },
  )

  test('contradicts methods without none, which the settings say', () => {
    const metadata = { tokenEndpointAuthMethods: ['client_secret_basic'] }
    expect(problemsOf({ sharing: 'public', registration: 'dynamic', metadata }).join()).toContain(
      'sharing: contradicts metadata.tokenEndpointAuthMethods',
    )
  })
})

describe('the token of a shared client', () => {
  test('expires as the settings say, for a change too', async () => {
    const server = await sharing({ registrationAccessToken: { lifetime: 60 } })
    const answer = await register(server)
    expect(await outcomeOf(read(server, answer, now + 59))).toBe('ok')
    const { client_id, registration_access_token: bearer } = answer
    const request = { bearer, client_id, now: now + 60 }
    for (const work of [readClient, deleteClient] as const)
      expect(await outcomeOf(work(request, server))).toBe('invalid_token')
  })

  test('never expires with a lifetime of 0', async () => {
    const server = await sharing({ registrationAccessToken: { lifetime: 0 } })
    expect(await outcomeOf(read(server, await register(server), now * 100))).toBe('ok')
  })

  test('is not rotated by a read, whatever rotateOn says', async () => {
    const server = await sharing({ registrationAccessToken: { rotateOn: ['read', 'update'] } })
    const answer = await register(server)
    const { registration_access_token } = await read(server, answer)
    expect(registration_access_token).toBe(answer.registration_access_token)
  })

  test('is of another kind than every other registration access token', async () => {
    const server = await sharing()
    const { client_id, registration_access_token: token } = await register(server)
    if (token === undefined) throw new Error('no token was issued')
    const { registrationAccessToken } = server.settings
    expect(await mayBeTokenOf(client_id, token, registrationAccessToken, server.keyRing)).toBe(
      false,
    )
  })

  test('ends with its key', async () => {
    const server = await sharing()
    const answer = await register(server)
    const keys = new Map([['k2', 'another-key-of-these-tests-that-is-long']])
    const rotated = { ...server, keyRing: async () => ({ current: 'k2', keys }) }
    expect(await outcomeOf(read(rotated, answer))).toBe('invalid_token')
  })

  test('is not issued where the settings issue none', async () => {
    const server = await sharing({ registrationAccessToken: { issue: false } })
    expect(await register(server)).not.toHaveProperty('registration_access_token')
  })
})

describe('the hourly limit with shared clients', () => {
  test('counts the registration that creates the client, and none that joins it', async () => {
    const server = await sharing({
      policies: ['maximum-anonymous-clients'],
      policySettings: { 'maximum-anonymous-clients': { perHour: 1 } },
    })
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => outcomeOf(register(server))),
    )
    expect(tally(outcomes)).toEqual({ ok: 20 })
    expect(await outcomeOf(register(server, now, { client_name: 'Another' }))).toBe(
      'too_many_requests',
    )
    expect(await outcomeOf(register(server))).toBe('ok')
  })
})
