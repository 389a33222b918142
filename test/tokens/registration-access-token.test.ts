import { setImmediate } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { errorResponse } from '../../functions/http/response.ts'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { cachedSecrets } from '../../lib/adapters/secrets-manager/cached-secrets.ts'
import { keyRingSource } from '../../lib/adapters/secrets-manager/key-ring-source.ts'
import { deleteClient } from '../../lib/delete-client.ts'
import { OAuthError } from '../../lib/errors.ts'
import { reissueRegistrationAccessToken } from '../../lib/operator/reissue-registration-access-token.ts'
import { updateClientAdmin } from '../../lib/operator/update-client-admin.ts'
import { readClient } from '../../lib/read-client.ts'
import type { Server } from '../../lib/server.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import {
  derive,
  generateRegistrationAccessToken,
  type RegistrationAccessToken,
} from '../../lib/tokens/registration-access-token.ts'
import { sha256 } from '../../lib/tokens/token.ts'
import { updateClient } from '../../lib/update-client.ts'
import { now, ordinary, outcomeOf, registered } from '../support/clients.ts'
import { composeServer, masterToken } from '../support/compose.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { testServer } from '../support/server.ts'
import { createTable } from '../support/table.ts'

/** A server, and the requests that it sends to the database. */
async function watchedServer(settings: SettingsInput = {}) {
  const sent: string[] = []
  const endpoint = embeddedDynamodb
  const documents = documentClient({ endpoint }, ({ command }) => sent.push(command))
  onTestFinished(() => documents.destroy())
  return { ...composeServer(documents, await createTable(endpoint), settings), sent }
}

/** A read, an update and a deletion with this token. */
const requests = (server: Server, client_id: string, bearer: string) => {
  const body = { ...ordinary, client_id }
  return {
    read: () => readClient({ bearer, client_id, now }, server),
    update: () => updateClient({ bearer, client_id, body, now }, server),
    delete: () => deleteClient({ bearer, client_id, now }, server),
  }
}

/** A token as it was before tokens had a MAC, made the client's current one. */
async function tokenWithoutMac(server: Server, client_id: string): Promise<string> {
  const token = `rat_${'o'.repeat(43)}`
  await server.clientAdmin.reissue(client_id, { token_digest: sha256(token) })
  return token
}

const rotating = {
  registrationAccessToken: { rotateOn: ['read', 'update'] },
} satisfies SettingsInput

describe('the MAC of a registration access token', () => {
  test.each<[string, (token: string, another: string) => string]>([
    ['a forged one', () => `rat_${'a'.repeat(64)}`],
    ["another client's", (_, another) => another],
    ['one with another secret', (token) => token.replace(/^rat_./, flip)],
    ['one with another MAC', (token) => token.replace(/.$/, flip)],
  ])('rejects %s without a request to the database', async (_, presented) => {
    const server = await watchedServer()
    const { client_id, token } = await registered(server)
    const another = await registered(server)
    server.sent.length = 0
    const {
      read,
      update,
      delete: remove,
    } = requests(server, client_id, presented(token, another.token))
    for (const request of [read, update, remove])
      expect(await outcomeOf(request())).toBe('invalid_token')
    expect(server.sent).toEqual([])
    expect(await outcomeOf(requests(server, client_id, token).read())).toBe('ok')
  })

  test('is on every token: registered, rotated, re-issued', async () => {
    const server = await watchedServer(rotating)
    const { client_id, token } = await registered(server)
    const rotated = await requests(server, client_id, token).read()
    const request = { bearer: masterToken, client_id, now }
    const reissued = await reissueRegistrationAccessToken(request, server)
    for (const one of [
      token,
      rotated.registration_access_token,
      reissued.registration_access_token,
    ])
      expect(one).toMatch(/^rat_[\w-]{64}$/)
  })

  test('changes no answer: wrong, unknown, expired, rotated and disabled are alike', async () => {
    const server = await testServer({
      settings: { registrationAccessToken: { ...rotating.registrationAccessToken, lifetime: 60 } },
    })
    const [client, rotated, disabled] = [
      await registered(server),
      await registered(server),
      await registered(server),
    ]
    await requests(server, rotated.client_id, rotated.token).read()
    const change = { bearer: masterToken, client_id: disabled.client_id, now }
    await updateClientAdmin({ ...change, body: { disabled: true } }, server)
    const unknown = await generateRegistrationAccessToken('unknown', server.keyRing)
    const rejected: [string, string, number][] = [
      [client.client_id, `rat_${'a'.repeat(64)}`, now],
      [client.client_id, `rat_${'a'.repeat(43)}`, now],
      [client.client_id, 'no-token-of-ours', now],
      [client.client_id, rotated.token, now],
      [client.client_id, client.token, now + 60],
      ['unknown', unknown, now],
      [rotated.client_id, rotated.token, now],
      [disabled.client_id, disabled.token, now],
    ]
    const answers = await Promise.all(
      rejected.map(async ([client_id, bearer, at]) => {
        const error = await readClient({ bearer, client_id, now: at }, server).then(
          () => undefined,
          (reason: unknown) => reason,
        )
        return error instanceof OAuthError ? errorResponse(error) : error
      }),
    )
    expect(answers).toEqual(answers.map(() => answers[0]))
    expect(answers[0]).toMatchObject({ statusCode: 401 })
  })
})

describe('tokens from before the MAC', () => {
  test('stay good for one request each, and get one by a rotation', async () => {
    const server = await watchedServer(rotating)
    const { client_id } = await registered(server)
    const bearer = await tokenWithoutMac(server, client_id)
    server.sent.length = 0
    const read = await requests(server, client_id, bearer).read()
    expect(server.sent).toEqual(['GetItemCommand', 'UpdateItemCommand'])
    expect(read.registration_access_token).toMatch(/^rat_[\w-]{64}$/)
    const next = String(read.registration_access_token)
    expect(await outcomeOf(requests(server, client_id, next).delete())).toBe('ok')
  })

  test('are looked for before a write is tried, so that a guess costs a read', async () => {
    const server = await watchedServer(rotating)
    const { client_id } = await registered(server)
    server.sent.length = 0
    const guess = requests(server, client_id, `rat_${'a'.repeat(43)}`)
    for (const request of [guess.read, guess.update, guess.delete])
      expect(await outcomeOf(request())).toBe('invalid_token')
    expect(server.sent).toEqual(['GetItemCommand', 'GetItemCommand', 'GetItemCommand'])
    const bearer = await tokenWithoutMac(server, client_id)
    expect(await outcomeOf(requests(server, client_id, bearer).delete())).toBe('ok')
  })

  test('are rejected without a request to the database where the settings require a MAC', async () => {
    const server = await watchedServer({ registrationAccessToken: { requireMac: true } })
    const { client_id, token } = await registered(server)
    expect(await outcomeOf(requests(server, client_id, token).read())).toBe('ok')
    const bearer = await tokenWithoutMac(server, client_id)
    server.sent.length = 0
    expect(await outcomeOf(requests(server, client_id, bearer).read())).toBe('invalid_token')
    expect(server.sent).toEqual([])
  })

  test('get inside the window the successor that they got before the MAC', async () => {
    const server = await testServer({
      settings: {
        registrationAccessToken: { ...rotating.registrationAccessToken, reuseWindow: 30 },
      },
    })
    const { client_id, token } = await registered(server)
    const rotation = { rotation_nonce: new Uint8Array(16), rotation_key: 'k1' }
    const [, before] = await derive(
      client_id,
      token as RegistrationAccessToken,
      rotation,
      server.keyRing,
    )
    expect(before).toMatch(/^rat_[\w-]{43}$/)
    const successor = { token_digest: sha256(String(before)), ...rotation, rotated_at: now }
    const condition = { token_digest: sha256(token), now }
    await server.clients.rotate(client_id, condition, successor, new Uint8Array(8))
    const read = await requests(server, client_id, token).read()
    expect(read.registration_access_token).toBe(before)
  })
})

describe('the key ring of the MAC', () => {
  const k1 = 'the-first-key-of-these-tests-01234567'
  const k2 = 'the-second-key-of-these-tests-0123456'
  const older = JSON.stringify({ current: 'k1', k1 })
  const both = JSON.stringify({ current: 'k2', k1, k2 })
  const newer = JSON.stringify({ current: 'k2', k2 })

  /** Two Lambdas on one table, each with a ring in memory, which it reads when its own time has come. */
  async function lambdas() {
    const state: { ring: string | undefined } = { ring: older }
    const server = await testServer()
    const lambda = () => {
      const own = { seconds: 0, readings: 0 }
      const read = async () => {
        own.readings += 1
        if (state.ring === undefined) throw new OAuthError('temporarily_unavailable', 'no answer')
        return new Map([['ring', state.ring]])
      }
      const secrets = cachedSecrets(read, () => own.seconds * 1000)
      return { ...server, keyRing: keyRingSource(secrets, 'ring'), own }
    }
    return { state, one: lambda(), another: lambda() }
  }

  test('a token is good under every key of the ring, and not when its key is gone', async () => {
    const { state, one } = await lambdas()
    const { client_id, token } = await registered(one)
    state.ring = both
    one.own.seconds = 300
    expect(await outcomeOf(requests(one, client_id, token).read())).toBe('ok')
    state.ring = newer
    one.own.seconds = 600
    // The ring that is there serves once more, while it is read anew.
    await one.keyRing()
    await setImmediate()
    expect(await outcomeOf(requests(one, client_id, token).read())).toBe('invalid_token')
    const request = { bearer: masterToken, client_id, now }
    const { registration_access_token } = await reissueRegistrationAccessToken(request, one)
    const reissued = requests(one, client_id, registration_access_token)
    expect(await outcomeOf(reissued.read())).toBe('ok')
  })

  test('a token of a key that was just added is good on a Lambda that has read the ring before', async () => {
    const { state, one, another } = await lambdas()
    await another.keyRing()
    state.ring = both
    another.own.seconds = 10
    const { client_id, token } = await registered(one)
    expect(await outcomeOf(requests(another, client_id, token).read())).toBe('ok')
    expect(another.own.readings).toBe(2)
  })

  test('forged tokens make a Lambda read the ring at most once in ten seconds', async () => {
    const { one } = await lambdas()
    const { client_id } = await registered(one)
    one.own.seconds = 10
    for (let count = 0; count < 20; count += 1)
      await outcomeOf(requests(one, client_id, `rat_${'a'.repeat(64)}`).read())
    expect(one.own.readings).toBe(2)
  })

  test('a token is neither accepted nor rejected while the ring cannot be read', async () => {
    const { state, one, another } = await lambdas()
    const { client_id, token } = await registered(one)
    state.ring = undefined
    for (const bearer of [token, `rat_${'a'.repeat(64)}`])
      expect(await outcomeOf(requests(another, client_id, bearer).read())).toBe(
        'temporarily_unavailable',
      )
    // The ring in memory says yes as before; a no it cannot say.
    one.own.seconds = 10
    expect(await outcomeOf(requests(one, client_id, token).read())).toBe('ok')
    expect(await outcomeOf(requests(one, client_id, `rat_${'a'.repeat(64)}`).read())).toBe(
      'temporarily_unavailable',
    )
  })
})

/** The text with another last character. */
const flip = (text: string): string => `${text.slice(0, -1)}${text.endsWith('A') ? 'B' : 'A'}`
