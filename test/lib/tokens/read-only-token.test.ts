import { createHmac, hkdfSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { parseSettings } from '../../../lib/settings/settings.ts'
import type { KeyRing } from '../../../lib/tokens/key-ring.ts'
import { generateReadOnlyToken, verifyReadOnlyToken } from '../../../lib/tokens/read-only-token.ts'
import {
  generateRegistrationAccessToken,
  mayBeTokenOf,
  type RegistrationAccessToken,
} from '../../../lib/tokens/registration-access-token.ts'

const [k1, k2] = ['first'.padEnd(32, '.'), 'second'.padEnd(32, '.')]
const ring: KeyRing = { current: 'k1', keys: new Map([['k1', k1]]) }
const later: KeyRing = {
  current: 'k2',
  keys: new Map([
    ['k1', k1],
    ['k2', k2],
  ]),
}
const keyRing = async () => ring
const settings = parseSettings({}).registrationAccessToken
const now = 1_800_000_000
const client = { client_id: 'client', client_id_issued_at: now - 1_000 }
const generate = (lifetime: number) =>
  generateReadOnlyToken(client, { ...settings, lifetime }, keyRing, now)

const bytesOf = (token: RegistrationAccessToken) =>
  Buffer.from(token.slice('rat_'.length), 'base64url')

/** A token under k1 whose MAC is right for this client and these bytes of a secret. */
function tokenOf(client_id: string, secret: Uint8Array): RegistrationAccessToken {
  const key = hkdfSync('sha256', k1, '', 'registration_access_token_read_mac', 32)
  const mac = createHmac('sha256', Buffer.from(key)).update(`${client_id}\0`).update(secret)
  return `rat_${Buffer.concat([secret, mac.digest().subarray(0, 16)]).toString('base64url')}`
}

describe('a read-only token', () => {
  test('states when its client was registered, and when it expires', async () => {
    const { token, stated } = await generate(60)
    expect(stated).toEqual({ client_id_issued_at: now - 1_000, token_expires_at: now + 60 })
    expect(token).toMatch(/^rat_[\w-]{64}$/)
    expect(await verifyReadOnlyToken('client', token, keyRing, now)).toEqual(stated)
  })

  test('is valid until it expires', async () => {
    const { token, stated } = await generate(60)
    expect(await verifyReadOnlyToken('client', token, keyRing, now + 59)).toEqual(stated)
    expect(await verifyReadOnlyToken('client', token, keyRing, now + 60)).toBeUndefined()
  })

  test('never expires with a lifetime of 0', async () => {
    const { token, stated } = await generate(0)
    expect(stated).toEqual({ client_id_issued_at: now - 1_000 })
    expect(await verifyReadOnlyToken('client', token, keyRing, now + 1e9)).toEqual(stated)
  })

  test('has two times of six bytes before 20 random bytes, which other instances read', async () => {
    const secret = Buffer.alloc(32, 7)
    secret.writeUIntBE(now - 1_000, 0, 6)
    secret.writeUIntBE(now + 60, 6, 6)
    expect(await verifyReadOnlyToken('client', tokenOf('client', secret), keyRing, now)).toEqual({
      client_id_issued_at: now - 1_000,
      token_expires_at: now + 60,
    })
    const [one, two] = [bytesOf((await generate(60)).token), bytesOf((await generate(60)).token)]
    expect(one.subarray(0, 12)).toEqual(secret.subarray(0, 12))
    expect(one.subarray(12, 32)).not.toEqual(two.subarray(12, 32))
  })

  test('of another client, or with another time, is rejected', async () => {
    const { token } = await generate(60)
    expect(await verifyReadOnlyToken('another', token, keyRing, now)).toBeUndefined()
    const longer = bytesOf(token)
    longer.writeUIntBE(now + 1e6, 6, 6)
    const forged: RegistrationAccessToken = `rat_${longer.toString('base64url')}`
    expect(await verifyReadOnlyToken('client', forged, keyRing, now)).toBeUndefined()
  })

  test('is no token that changes its client, nor the other way round', async () => {
    const { token } = await generate(60)
    expect(await mayBeTokenOf('client', token, settings, keyRing)).toBe(false)
    const changing = await generateRegistrationAccessToken('client', keyRing)
    expect(await verifyReadOnlyToken('client', changing, keyRing, now)).toBeUndefined()
  })

  test('under an old key of the ring is valid, under a removed key it is not', async () => {
    const { token, stated } = await generate(60)
    expect(await verifyReadOnlyToken('client', token, async () => later, now)).toEqual(stated)
    const removed: KeyRing = { current: 'k2', keys: new Map([['k2', k2]]) }
    expect(await verifyReadOnlyToken('client', token, async () => removed, now)).toBeUndefined()
  })

  test('makes the ring be read again where no key of it verifies the MAC', async () => {
    const { token, stated } = await generateReadOnlyToken(
      client,
      { ...settings, lifetime: 60 },
      async () => later,
      now,
    )
    const asked: boolean[] = []
    const reloaded = async (suffices = (_: KeyRing) => true) => {
      asked.push(suffices(ring))
      return suffices(ring) ? ring : later
    }
    expect(await verifyReadOnlyToken('client', token, reloaded, now)).toEqual(stated)
    expect(asked).toEqual([false])
  })

  test('without a MAC is rejected before the keys are needed', async () => {
    const noKeys = () => Promise.reject(new Error('the ring is not needed'))
    expect(
      await verifyReadOnlyToken('client', `rat_${'a'.repeat(43)}`, noKeys, now),
    ).toBeUndefined()
  })
})
