import { describe, expect, test } from 'vitest'
import { generateWriteId } from '../../lib/client.ts'
import { checkClientSecret } from '../../lib/operator/check-client-secret.ts'
import { renewClientSecretAdmin } from '../../lib/operator/renew-client-secret-admin.ts'
import {
  revealClientSecret,
  revealPreviousClientSecret,
  verifyClientSecret,
} from '../../lib/read/index.ts'
import { readClient } from '../../lib/read-client.ts'
import { renewClientSecret } from '../../lib/renew-client-secret.ts'
import { updateClient } from '../../lib/update-client.ts'
import { now, ordinary, outcomeOf, registered, tally } from '../support/clients.ts'
import { masterToken, secretRing } from '../support/compose.ts'
import { testServer } from '../support/server.ts'
import { stored } from '../support/stored.ts'

type Settings = NonNullable<NonNullable<Parameters<typeof testServer>[0]>['settings']>

const overlap = 3600
const keepsToken = { registrationAccessToken: { rotateOn: [] } } satisfies Settings

/** A confidential client, and its requests at times that the test chooses. */
async function story(clientSecret: Settings['clientSecret'] = { overlap }, others: Settings = {}) {
  const server = await testServer({ settings: { ...keepsToken, ...others, clientSecret } })
  const { client_id, token, client_secret } = await registered(server)
  const itemNow = async () => (await stored(server, `CLIENT#${client_id}`))[0]
  const valid = async (secrets: readonly unknown[], at: number) => {
    const item = await itemNow()
    const read = secrets.map((secret) => verifyClientSecret(item, String(secret), at))
    const checked = await Promise.all(
      secrets.map(async (secret) => {
        const body = { client_secret: String(secret) }
        const request = { bearer: masterToken, client_id, body, now: at }
        return (await checkClientSecret(request, server)).valid
      }),
    )
    expect(checked).toEqual(read)
    return read
  }
  return {
    server,
    client_id,
    token,
    first: client_secret,
    itemNow,
    valid,
    renew: (at = now, bearer = token) => renewClientSecret({ bearer, client_id, now: at }, server),
    renewAsOperator: (body: object = {}, at = now) =>
      renewClientSecretAdmin(
        { bearer: masterToken, client_id, now: at, body: { ...body } },
        server,
      ),
    update: (at: number, body: object = ordinary) =>
      updateClient({ bearer: token, client_id, body: { ...body, client_id }, now: at }, server),
  }
}

describe('a renewed client secret', () => {
  test('replaces the previous one at once, by default', async () => {
    const { first, renew, valid } = await story({})
    const { client_secret } = await renew()
    expect(client_secret).not.toBe(first)
    expect(await valid([first, client_secret], now)).toEqual([false, true])
  })

  test('is valid beside the previous one for the overlap, and alone after it', async () => {
    const { first, renew, valid } = await story()
    const { client_secret } = await renew()
    expect(await valid([first, client_secret], now + overlap - 1)).toEqual([true, true])
    expect(await valid([first, client_secret], now + overlap)).toEqual([false, true])
  })

  test('is returned again within the overlap, so that a lost response strands nobody', async () => {
    const { first, renew, renewAsOperator, valid } = await story()
    const { client_secret } = await renew()
    expect((await renew(now + 60)).client_secret).toBe(client_secret)
    expect((await renewAsOperator({}, now + 60)).client_secret).toBe(client_secret)
    expect(await valid([first, client_secret], now + overlap)).toEqual([false, true])
  })

  test('is replaced within the overlap if only its digest is stored, and the previous one stays', async () => {
    const { first, renew, valid } = await story({ overlap, storage: 'digest' })
    const lost = (await renew()).client_secret
    const second = (await renew(now + 60)).client_secret
    expect(await valid([first, lost, second], now + 60)).toEqual([true, false, true])
    expect(await valid([first, lost, second], now + overlap)).toEqual([false, false, true])
  })

  test('is renewed once more after the overlap', async () => {
    const { first, renew, valid } = await story()
    const second = (await renew()).client_secret
    const third = (await renew(now + overlap)).client_secret
    expect(await valid([first, second, third], now + overlap)).toEqual([false, true, true])
  })

  test('has the lifetime of the settings, and never lengthens that of the previous one', async () => {
    const { first, renew, valid } = await story({ overlap, lifetime: 5000 })
    const { client_secret, client_secret_expires_at } = await renew(now + 4000)
    expect(client_secret_expires_at).toBe(now + 9000)
    expect(await valid([first, client_secret], now + 4999)).toEqual([true, true])
    expect(await valid([first, client_secret], now + 5000)).toEqual([false, true])
  })

  test('leaves no previous one where that had expired', async () => {
    const { renew, itemNow } = await story({ overlap, lifetime: 60 })
    await renew(now + 60)
    expect(await itemNow()).not.toHaveProperty('previous_secret_digest')
  })

  test('is revealed, and so is the previous one while it is valid', async () => {
    const { first, renew, itemNow } = await story()
    const { client_secret } = await renew()
    const item = await itemNow()
    expect(revealClientSecret(item, secretRing, now)).toBe(client_secret)
    expect(revealPreviousClientSecret(item, secretRing, now + overlap - 1)).toBe(first)
    expect(revealPreviousClientSecret(item, secretRing, now + overlap)).toBeUndefined()
    const disabled = { ...item, disabled_at: now }
    expect(revealPreviousClientSecret(disabled, secretRing, now)).toBeUndefined()
  })

  test('stays with the previous one through an update, which removes that after its expiry', async () => {
    const { first, renew, update, valid, itemNow } = await story()
    const { client_secret } = await renew()
    await update(now + 60)
    expect(await valid([first, client_secret], now + 60)).toEqual([true, true])
    await update(now + overlap)
    expect(await itemNow()).not.toHaveProperty('previous_secret_digest')
  })

  test('goes with the previous one where an update makes the client public', async () => {
    const { renew, update, itemNow } = await story()
    await renew()
    await update(now, { ...ordinary, token_endpoint_auth_method: 'none' })
    for (const name of ['secret_digest', 'previous_secret_digest', 'previous_secret_jwe'])
      expect(await itemNow()).not.toHaveProperty(name)
  })

  test('is what a read returns', async () => {
    const { server, client_id, token, renew } = await story()
    const { client_secret } = await renew()
    expect(await readClient({ bearer: token, client_id, now }, server)).toMatchObject({
      client_secret,
    })
  })
})

describe('a renewal by the client', () => {
  test('keeps the registration access token, so that it can be repeated', async () => {
    const { token, renew, first, valid } = await story(
      { overlap },
      { registrationAccessToken: { rotateOn: ['read', 'update'], onReuse: 'disable' } },
    )
    const renewed = await renew()
    expect(renewed.registration_access_token).toBe(token)
    expect(await renew(now + 30)).toMatchObject({
      client_secret: renewed.client_secret,
      registration_access_token: token,
    })
    expect(await valid([first, renewed.client_secret], now + 30)).toEqual([true, true])
  })

  test('is rejected without its registration access token, and changes nothing', async () => {
    const { first, renew, valid, token } = await story()
    const wrong = `${token.slice(0, -4)}AAAA` as typeof token
    expect(await outcomeOf(renew(now, wrong))).toBe('invalid_token')
    expect(await valid([first], now)).toEqual([true])
  })

  test('is rejected for a public client', async () => {
    const server = await testServer({ settings: keepsToken })
    const body = { ...ordinary, token_endpoint_auth_method: 'none' }
    const { client_id, token: bearer } = await registered(server, body)
    const renewed = renewClientSecret({ bearer, client_id, now }, server)
    await expect(renewed).rejects.toMatchObject({
      code: 'invalid_request',
      description: 'the client has no client secret to renew',
    })
  })

  test('leaves one secret and the previous one of 50 at once, and returns that one to all', async () => {
    const { first, renew, valid, itemNow } = await story()
    const all = await Promise.all(Array.from({ length: 50 }, () => renew()))
    const secrets = new Set(all.map(({ client_secret }) => client_secret))
    expect(secrets.size).toBe(1)
    expect(await valid([first, ...secrets], now)).toEqual([true, true])
    expect(await itemNow()).toMatchObject({ version: 2 })
  })

  test('leaves one secret of 50 at once without an overlap', async () => {
    const { first, renew, valid, itemNow } = await story({})
    const all = await Promise.all(Array.from({ length: 50 }, () => renew()))
    const secrets = new Set(all.map(({ client_secret }) => client_secret))
    const isValid = await valid([first, ...secrets], now)
    expect(isValid.filter(Boolean)).toHaveLength(1)
    expect(isValid[0]).toBe(false)
    expect(await itemNow()).not.toHaveProperty('previous_secret_digest')
  })

  test('leaves one secret of 50 at once where only digests are stored, and rejects those that it overtook', async () => {
    const { renew, valid } = await story({ overlap, storage: 'digest' })
    const received: unknown[] = []
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, () =>
        outcomeOf(renew().then(({ client_secret }) => received.push(client_secret))),
      ),
    )
    expect(Object.keys(tally(outcomes)).sort()).toEqual(['ok', 'temporarily_unavailable'])
    const isValid = await valid(received, now)
    expect(isValid.filter(Boolean)).toHaveLength(1)
  })
})

describe('a renewal by the operator', () => {
  test('returns the secret and the expiry of both', async () => {
    const { client_id, renewAsOperator, first, valid } = await story({ overlap, lifetime: 9000 })
    const renewed = await renewAsOperator()
    expect(renewed).toEqual({
      client_id,
      client_secret: expect.any(String),
      client_secret_expires_at: now + 9000,
      previous_client_secret_expires_at: now + overlap,
    })
    expect(await valid([first, renewed.client_secret], now)).toEqual([true, true])
  })

  test('ends both secrets at once with an overlap of 0', async () => {
    const { first, renew, renewAsOperator, valid } = await story()
    const second = (await renew()).client_secret
    const third = (await renewAsOperator({ overlap: 0 }, now + 1)).client_secret
    expect(await valid([first, second, third], now + 1)).toEqual([false, false, true])
  })

  test('ends the earlier secret that a renewal at the same time keeps', async () => {
    const { server, client_id, first, renew, valid } = await story()
    let isOvertaken = false
    const overtaken = {
      ...server,
      clients: {
        ...server.clients,
        renewSecret: async (...write: Parameters<typeof server.clients.renewSecret>) => {
          if (!isOvertaken) {
            isOvertaken = true
            await renew()
          }
          return server.clients.renewSecret(...write)
        },
      },
    }
    const request = { bearer: masterToken, client_id, now, body: { overlap: 0 } }
    const { client_secret } = await renewClientSecretAdmin(request, overtaken)
    expect(await valid([first, client_secret], now)).toEqual([false, true])
  })

  test('may have an overlap where the settings have none', async () => {
    const { first, renewAsOperator, valid } = await story({})
    const { client_secret } = await renewAsOperator({ overlap: 60 })
    expect(await valid([first, client_secret], now + 59)).toEqual([true, true])
    expect(await valid([first, client_secret], now + 60)).toEqual([false, true])
  })

  test('is not undone by an update that was under way', async () => {
    const { server, client_id, token, renewAsOperator, valid, first } = await story({})
    let client_secret: unknown
    const overtaken = {
      ...server,
      clients: {
        ...server.clients,
        replace: async (...update: Parameters<typeof server.clients.replace>) => {
          client_secret ??= (await renewAsOperator()).client_secret
          return server.clients.replace(...update)
        },
      },
    }
    const body = { ...ordinary, client_id }
    const updated = await updateClient({ bearer: token, client_id, body, now }, overtaken)
    expect(updated.client_secret).toBe(client_secret)
    expect(await valid([first, client_secret], now)).toEqual([false, true])
  })

  test.each([
    { overlap: -1 },
    { overlap: 1.5 },
    { overlap: '60' },
    { overlap: 2_592_001 },
    { x: 1 },
  ])('rejects %o and changes nothing', async (body) => {
    const { first, renewAsOperator, valid } = await story()
    expect(await outcomeOf(renewAsOperator(body))).toBe('invalid_request')
    expect(await valid([first], now)).toEqual([true])
  })

  test('is rejected for an unknown client', async () => {
    const { server } = await story()
    const request = { bearer: masterToken, client_id: 'nobody', now, body: {} }
    expect(await outcomeOf(renewClientSecretAdmin(request, server))).toBe('not_found')
  })

  test('is given up if the client is deleted meanwhile', async () => {
    const { server, client_id } = await story({})
    const deleting = {
      ...server,
      clients: {
        ...server.clients,
        renewSecret: async (...write: Parameters<typeof server.clients.renewSecret>) => {
          await server.clientAdmin.delete(client_id)
          return server.clients.renewSecret(...write)
        },
      },
    }
    const request = { bearer: masterToken, client_id, now, body: {} }
    expect(await outcomeOf(renewClientSecretAdmin(request, deleting))).toBe('not_found')
  })
})

describe('renewSecret of the store', () => {
  test('replaces the secrets of one version once', async () => {
    const { server, client_id } = await story()
    const secrets = { secret_digest: new Uint8Array(32), client_secret_expires_at: 0 }
    const write = () => server.clients.renewSecret(client_id, 1, secrets, generateWriteId())
    const outcomes = await Promise.all(Array.from({ length: 20 }, write))
    expect(tally(outcomes.map(({ outcome }) => outcome))).toEqual({ written: 1, rejected: 19 })
  })
})
