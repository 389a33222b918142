import { describe, expect, onTestFinished, test } from 'vitest'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { listInitialAccessTokens } from '../../lib/operator/list-initial-access-tokens.ts'
import type { Policy } from '../../lib/policy/policy.ts'
import { readClient } from '../../lib/read-client.ts'
import { registerClient } from '../../lib/register-client.ts'
import type { Server } from '../../lib/server.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { sha256 } from '../../lib/tokens/token.ts'
import { updateClient } from '../../lib/update-client.ts'
import {
  initialAccessToken,
  now,
  ordinary,
  outcomeOf,
  registered,
  tally,
} from '../support/clients.ts'
import { composeServer, masterToken } from '../support/compose.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { testServer } from '../support/server.ts'

const fifty = Array.from({ length: 50 }, (_, index) => index)

const rotating = (more: NonNullable<SettingsInput['registrationAccessToken']> = {}) =>
  testServer({
    settings: { registrationAccessToken: { rotateOn: ['read', 'update'], ...more } },
  })

/** Updates one client by one token, as often as there are names, all at once. */
const updateAtOnce = (
  names: readonly number[],
  server: Server,
  client_id: string,
  bearer: string,
) =>
  Promise.all(
    names.map((name) => {
      const body = { ...ordinary, client_id, client_name: `${name}` }
      return outcomeOf(updateClient({ bearer, client_id, body, now }, server))
    }),
  )

describe('single use of initial access tokens', () => {
  test('a token of ten uses registers exactly ten of fifty clients', async () => {
    for (const consumed of ['on_success', 'on_attempt'] as const) {
      const server = await testServer({ settings: { initialAccessToken: { consumed } } })
      const bearer = await initialAccessToken(server, { max_uses: 10 })
      const outcomes = await Promise.all(
        fifty.map(() => outcomeOf(registerClient({ bearer, body: ordinary, now }, server))),
      )
      expect(tally(outcomes)).toEqual({ ok: 10, invalid_token: 40 })
    }
  })

  test('a token that is never consumed registers all of fifty clients', async () => {
    const server = await testServer({ settings: { initialAccessToken: { consumed: 'never' } } })
    const bearer = await initialAccessToken(server)
    const outcomes = await Promise.all(
      fifty.map(() => outcomeOf(registerClient({ bearer, body: ordinary, now }, server))),
    )
    expect(tally(outcomes)).toEqual({ ok: 50 })
  })

  test('an expired token admits nobody, in any mode, although its item is still there', async () => {
    for (const consumed of ['on_success', 'on_attempt', 'never'] as const) {
      const server = await testServer()
      const bearer = await initialAccessToken(server, { consumed, access_token: { lifetime: 60 } })
      const register = (at: number) =>
        outcomeOf(registerClient({ bearer, body: ordinary, now: at }, server))
      expect(await register(now + 60)).toBe('invalid_token')
      expect(await register(now + 59)).toBe('ok')
    }
  })

  test.each([
    ['on_success', 1],
    ['on_attempt', 0],
  ] as const)(
    'a rejected registration leaves a token that is consumed %s with %i uses',
    async (consumed, left) => {
      const server = await testServer()
      const bearer = await initialAccessToken(server, { consumed })
      const body = { ...ordinary, redirect_uris: ['http://client.example/callback'] }
      expect(await outcomeOf(registerClient({ bearer, body, now }, server))).toBe(
        'invalid_redirect_uri',
      )
      const { initial_access_tokens } = await listInitialAccessTokens(
        { bearer: masterToken, now, limit: undefined, cursor: undefined },
        server,
      )
      expect(initial_access_tokens[0]?.uses_left).toBe(left)
    },
  )
})

describe('rotation of registration access tokens', () => {
  test('without a window a read or update that came before the rotation and is served after it is rejected', async () => {
    const server = await rotating()
    const { client_id, token: bearer } = await registered(server)
    expect(await outcomeOf(readClient({ bearer, client_id, now: now + 1 }, server))).toBe('ok')
    expect(await outcomeOf(readClient({ bearer, client_id, now }, server))).toBe('invalid_token')
    const body = { ...ordinary, client_id }
    const update = updateClient({ bearer, client_id, body, now }, server)
    expect(await outcomeOf(update)).toBe('invalid_token')
  })

  test('of fifty concurrent updates with one token exactly one succeeds without a window', async () => {
    const server = await testServer()
    const { client_id, token } = await registered(server)
    const outcomes = await updateAtOnce(fifty, server, client_id, token)
    expect(tally(outcomes)).toEqual({ ok: 1, invalid_token: 49 })
  })

  test('inside the window the previous token updates under the current one, which stays', async () => {
    const server = await rotating({ reuseWindow: 30 })
    const { client_id, token } = await registered(server)
    const { registration_access_token: current } = await readClient(
      { bearer: token, client_id, now },
      server,
    )
    const body = { ...ordinary, client_id, client_name: 'By the previous token' }
    const answer = await updateClient({ bearer: token, client_id, body, now: now + 29 }, server)
    expect(answer.registration_access_token).toBe(current)
    expect(await outcomeOf(readClient({ bearer: token, client_id, now: now + 30 }, server))).toBe(
      'invalid_token',
    )
    expect(await readClient({ bearer: current, client_id, now: now + 30 }, server)).toMatchObject({
      client_name: 'By the previous token',
    })
  })

  test('the window ends with the first rotation by the current token', async () => {
    const server = await rotating({ reuseWindow: 300 })
    const { client_id, token } = await registered(server)
    const { registration_access_token: current } = await readClient(
      { bearer: token, client_id, now },
      server,
    )
    const { registration_access_token: next } = await readClient(
      { bearer: current, client_id, now },
      server,
    )
    expect(next).not.toBe(current)
    expect(await outcomeOf(readClient({ bearer: token, client_id, now }, server))).toBe(
      'invalid_token',
    )
    expect(await outcomeOf(readClient({ bearer: current, client_id, now }, server))).toBe('ok')
  })

  test('concurrent updates without rotation all take effect, one after another', async () => {
    const server = await testServer({ settings: { registrationAccessToken: { rotateOn: [] } } })
    const { client_id, token } = await registered(server)
    const five = fifty.slice(0, 5)
    const outcomes = await updateAtOnce(five, server, client_id, token)
    expect(tally(outcomes)).toEqual({ ok: 5 })
    expect(await server.clients.find(client_id)).toMatchObject({ version: 6 })
  })

  test('of two updates at once, one that keeps trusted does not undo one that gives it up', async () => {
    const server = await testServer({ settings: { registrationAccessToken: { rotateOn: [] } } })
    for (let round = 0; round < 20; round += 1) {
      const { client_id, token: bearer } = await registered(server, { ...ordinary, trusted: true })
      const update = (trusted: boolean) => {
        const body = { ...ordinary, client_id, trusted }
        return outcomeOf(updateClient({ bearer, client_id, body, now }, server))
      }
      const [given, kept] = await Promise.all([update(false), update(true)])
      expect(given).toBe('ok')
      expect(['ok', 'insufficient_scope']).toContain(kept)
      expect((await server.clients.find(client_id))?.metadata.trusted ?? false).toBe(false)
    }
  })

  test('an update that meets another state is judged again on that, and its signed request is used once', async () => {
    const sent: string[] = []
    const documents = documentClient({ endpoint: embeddedDynamodb }, ({ command }) =>
      sent.push(command),
    )
    onTestFinished(() => documents.destroy())
    const { TableName } = await testServer()
    const plain = composeServer(documents, TableName, { registrationAccessToken: { rotateOn: [] } })
    const { client_id, token: bearer } = await registered(plain, { ...ordinary, trusted: true })
    const update = (server: Server, metadata: object, jti?: string) => {
      const replay = jti && { digest: sha256(jti), remembered_until: now + 300 }
      const body = { ...ordinary, client_id, ...metadata }
      return outcomeOf(
        updateClient({ bearer, client_id, body, now, ...(replay && { replay }) }, server),
      )
    }
    let others = [{ client_name: 'Another', trusted: true }, { client_name: 'Another' }]
    const interrupting: Policy = async () => {
      const [next, ...rest] = others
      others = rest
      if (next) expect(await update(plain, next)).toBe('ok')
    }
    const settings = { ...plain.settings, policies: ['interrupting'] }
    const server = { ...plain, settings, policies: new Map([['interrupting', interrupting]]) }

    sent.length = 0
    expect(await update(server, { client_name: 'Mine', trusted: true }, 'mine')).toBe(
      'insufficient_scope',
    )
    expect(sent.filter((command) => command === 'PutItemCommand')).toHaveLength(1)
    expect(await server.clients.find(client_id)).toMatchObject({
      version: 3,
      metadata: { client_name: 'Another' },
    })

    others = [{ client_name: 'Another again' }]
    expect(await update(server, { client_name: 'Mine' }, 'another')).toBe('ok')
    expect(await update(server, { client_name: 'Mine again' }, 'another')).toBe('invalid_request')
    expect(await server.clients.find(client_id)).toMatchObject({
      metadata: { client_name: 'Mine' },
    })
  })

  test('an expired registration access token is rejected, and a rotated one lives its own lifetime', async () => {
    const server = await rotating({ lifetime: 100 })
    const { client_id, token } = await registered(server)
    expect(await outcomeOf(readClient({ bearer: token, client_id, now: now + 100 }, server))).toBe(
      'invalid_token',
    )
    const renewed = await readClient({ bearer: token, client_id, now: now + 99 }, server)
    const { registration_access_token: next } = renewed
    const late = (at: number) => outcomeOf(readClient({ bearer: next, client_id, now: at }, server))
    expect(await late(now + 199)).toBe('invalid_token')
    expect(await late(now + 198)).toBe('ok')
  })
})
