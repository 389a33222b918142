import { decodeProtectedHeader } from 'jose'
import { describe, expect, test } from 'vitest'
import { cachedSecrets } from '../../lib/adapters/secrets-manager/cached-secrets.ts'
import { keyRingSource } from '../../lib/adapters/secrets-manager/key-ring-source.ts'
import { OAuthError } from '../../lib/errors.ts'
import { reissueRegistrationAccessToken } from '../../lib/operator/reissue-registration-access-token.ts'
import { readClient } from '../../lib/read-client.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import type { KeyRing } from '../../lib/tokens/key-ring.ts'
import { derive } from '../../lib/tokens/registration-access-token.ts'
import { decryptSecretJwe } from '../../lib/tokens/secret-jwe.ts'
import { now, outcomeOf, registered } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'
import { testServer } from '../support/server.ts'
import { stored } from '../support/stored.ts'

const k1 = 'the-first-key-of-these-tests-01234567'
const k2 = 'the-second-key-of-these-tests-0123456'

const has =
  (id: string) =>
  ({ keys }: KeyRing) =>
    keys.has(id)

const onlyK2 = { current: 'k2', keys: new Map([['k2', k2]]) }

/** A key ring as Secrets Manager holds it, which can be changed, and a server that uses it for all. */
async function story(registrationAccessToken: SettingsInput['registrationAccessToken'] = {}) {
  const settings = {
    registrationAccessToken: {
      rotateOn: ['read' as const, 'update' as const],
      ...registrationAccessToken,
    },
  }
  const state: { seconds: number; ring: string | undefined } = {
    seconds: 0,
    ring: JSON.stringify({ current: 'k1', k1 }),
  }
  const secrets = cachedSecrets(
    async () => {
      const { ring } = state
      if (ring === undefined) throw new OAuthError('temporarily_unavailable', 'no answer')
      return new Map([['ring', ring]])
    },
    () => state.seconds * 1000,
  )
  const keyRing = keyRingSource(secrets, 'ring')
  const change = async (ring: object) => {
    state.ring = JSON.stringify(ring)
    state.seconds += 300
    await secrets.recent()
  }
  const server = { ...(await testServer({ settings })), keyRing, clientSecretKeyRing: keyRing }
  return { state, change, keyRing, server }
}

describe('the key ring', () => {
  test('a secret under the old key is readable while the key is in the ring', async () => {
    const { server, change } = await story()
    const { client_id, token, client_secret } = await registered(server)
    await change({ current: 'k2', k1, k2 })
    const read = await readClient({ bearer: token, client_id, now }, server)
    expect(read.client_secret).toBe(client_secret)
  })

  test.each([
    { current: 'k2', k1, k2 },
    { current: 'k2', k2, k1 },
  ])(
    'after a rotation a secret is encrypted under the key that is current, whichever comes first',
    async (ring) => {
      const { server, change } = await story()
      await change(ring)
      const { client_id, client_secret } = await registered(server)
      const [{ secret_jwe } = {}] = await stored(server, 'CLIENT#')
      expect(decodeProtectedHeader(secret_jwe)).toMatchObject({ kid: 'k2' })
      expect(decryptSecretJwe(client_id, secret_jwe, [onlyK2])).toBe(client_secret)
    },
  )

  test.each([
    { current: 'k2', k1, k2 },
    { current: 'k2', k2, k1 },
  ])(
    'after a rotation a registration access token is derived with the key that is current',
    async (ring) => {
      const { server, change } = await story()
      const { client_id, token } = await registered(server)
      await change(ring)
      const read = await readClient({ bearer: token, client_id, now }, server)
      const [item = {}] = await stored(server, 'CLIENT#')
      const { rotation_nonce, rotation_key } = item
      expect(rotation_key).toBe('k2')
      const rotation = { rotation_nonce, rotation_key }
      const [successor] = await derive(client_id, token, rotation, async () => onlyK2)
      expect(successor).toBe(read.registration_access_token)
    },
  )

  test('a secret whose key is gone is left out of the answer, which still has the new token', async () => {
    const { server, change } = await story()
    const { client_id } = await registered(server)
    await change({ current: 'k2', k2 })
    const { registration_access_token: token } = await reissueRegistrationAccessToken(
      { bearer: masterToken, client_id, now },
      server,
    )
    const read = await readClient({ bearer: token, client_id, now }, server)
    expect(read).not.toHaveProperty('client_secret')
    const bearer = read.registration_access_token
    expect(bearer).not.toBe(token)
    expect(await outcomeOf(readClient({ bearer, client_id, now }, server))).toBe('ok')
    expect(server.warnings.join()).not.toContain(k2)
  })

  test('inside the window a token is derived again by the key of its rotation, not the current one', async () => {
    const { server, change } = await story({ reuseWindow: 30 })
    const { client_id, token } = await registered(server)
    const first = await readClient({ bearer: token, client_id, now }, server)
    await change({ current: 'k2', k1, k2 })
    const again = await readClient({ bearer: token, client_id, now: now + 29 }, server)
    expect(again.registration_access_token).toBe(first.registration_access_token)
    await change({ current: 'k2', k2 })
    const request = readClient({ bearer: token, client_id, now: now + 29 }, server)
    expect(await outcomeOf(request)).toBe('invalid_token')
  })

  test('a key that another instance uses already is read anew', async () => {
    const { keyRing, state } = await story()
    expect((await keyRing(has('k1'))).current).toBe('k1')
    state.ring = JSON.stringify({ current: 'k2', k1, k2 })
    state.seconds = 10
    expect((await keyRing(has('k2'))).keys.get('k2')).toBe(k2)
  })

  test('a key that may have been added is no reason to reject while the ring cannot be read again', async () => {
    const { keyRing, state } = await story()
    await keyRing()
    state.ring = undefined
    state.seconds = 10
    expect(await outcomeOf(keyRing(has('k2')))).toBe('temporarily_unavailable')
    expect((await keyRing(has('k1'))).current).toBe('k1')
  })

  test('a ring that cannot be read at all is temporarily_unavailable', async () => {
    const { keyRing, state } = await story()
    state.ring = undefined
    expect(await outcomeOf(keyRing())).toBe('temporarily_unavailable')
  })

  test('a key that is missing does not make the service read without end', async () => {
    const { keyRing, state } = await story()
    let readings = 0
    Object.defineProperty(state, 'ring', {
      get: () => {
        readings += 1
        return JSON.stringify({ current: 'k1', k1 })
      },
    })
    for (let request = 0; request < 100; request += 1) await keyRing(has(`unknown ${request}`))
    expect(readings).toBe(1)
  })

  test.each([
    ['no JSON', `{"current":"k1","k1":"${k1}`],
    ['a key without name', JSON.stringify(k1)],
    ['a list', JSON.stringify(['k1', k1])],
    ['no current key', JSON.stringify({ k1 })],
    ['a current key that it lacks', JSON.stringify({ current: k1, k1: k2 })],
    ['a key in the place of its name', JSON.stringify({ current: 'k1', [k1]: 'k1' })],
    ['a short key', JSON.stringify({ current: 'k1', k1: k1.slice(0, 31) })],
    ['a key that is no string', JSON.stringify({ current: 'k1', k1: [k1] })],
    ['nothing', 'null'],
  ])('the ring %s is rejected, and the error repeats nothing of it', async (_, ring) => {
    const { keyRing, state } = await story()
    state.ring = ring
    const error = await keyRing().then(
      () => undefined,
      (reason: unknown) => reason,
    )
    if (!(error instanceof Error)) throw new Error('expected an error')
    const text = `${error.message} ${error.stack} ${error.cause}`
    expect(error).toMatchObject({ code: 'temporarily_unavailable' })
    expect(text).toContain('key ring')
    for (const key of [k1, k2]) expect(text).not.toContain(key.slice(0, 20))
  })
})
