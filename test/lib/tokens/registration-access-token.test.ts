import { createHmac, hkdfSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { parseSettings } from '../../../lib/settings/settings.ts'
import type { KeyRing } from '../../../lib/tokens/key-ring.ts'
import {
  carriesMac,
  derive,
  deriveSuccessor,
  generateRegistrationAccessToken,
  mayBeTokenOf,
  parseRegistrationAccessToken,
  type RegistrationAccessToken,
  storedToken,
} from '../../../lib/tokens/registration-access-token.ts'
import { sha256 } from '../../../lib/tokens/token.ts'

const [k1, k2] = ['first'.padEnd(32, '.'), 'second'.padEnd(32, '.')]
const ring: KeyRing = {
  current: 'k2',
  keys: new Map([
    ['k1', k1],
    ['k2', k2],
  ]),
}
const onlyK1: KeyRing = { current: 'k1', keys: new Map([['k1', k1]]) }
const settings = parseSettings({}).registrationAccessToken
const now = 1_800_000_000
const older: RegistrationAccessToken = `rat_${'a'.repeat(43)}`
const rotation = { rotation_nonce: new Uint8Array(16).fill(7), rotation_key: 'k1' }

const hmac = (use: string, ...parts: (string | Uint8Array)[]) => {
  const mac = createHmac('sha256', Buffer.from(hkdfSync('sha256', k1, '', use, 32)))
  for (const part of parts) mac.update(part)
  return mac.digest()
}

describe('a registration access token', () => {
  test.each([older, `rat_${'-_9Z'.repeat(16)}`])('has the form of %s', (bearer) => {
    expect(parseRegistrationAccessToken(bearer)).toBe(bearer)
  })

  test.each(
    [42, 44, 63, 65]
      .map((length) => `rat_${'a'.repeat(length)}`)
      .concat([
        '',
        'rat_',
        `iat_${'a'.repeat(43)}`,
        `x${older}`,
        `${older}.`,
        `rat_${'+'.repeat(43)}`,
      ]),
  )('does not have the form of %j', (bearer) => {
    expect(parseRegistrationAccessToken(bearer)).toBeUndefined()
  })

  test('is generated with a MAC for its client under the current key', async () => {
    const token = await generateRegistrationAccessToken('client', async () => ring)
    expect(token).toMatch(/^rat_[\w-]{64}$/)
    expect([carriesMac(token), carriesMac(older)]).toEqual([true, false])
    const isOf = (client_id: string, keys: KeyRing) =>
      mayBeTokenOf(client_id, token, settings, async () => keys)
    expect(await isOf('client', ring)).toBe(true)
    expect(await isOf('another', ring)).toBe(false)
    expect(await isOf('client', onlyK1)).toBe(false)
    expect(await generateRegistrationAccessToken('client', async () => ring)).not.toBe(token)
  })

  test('under an old key of the ring is one of the client', async () => {
    const token = await generateRegistrationAccessToken('client', async () => onlyK1)
    expect(await mayBeTokenOf('client', token, settings, async () => ring)).toBe(true)
  })

  test('makes the ring be read again where no key of it verifies the MAC', async () => {
    const token = await generateRegistrationAccessToken('client', async () => ring)
    const keyRing = async (suffices = (_: KeyRing) => true) => (suffices(onlyK1) ? onlyK1 : ring)
    expect(await mayBeTokenOf('client', token, settings, keyRing)).toBe(true)
  })

  test('without a MAC may be one of the client unless the settings require a MAC', async () => {
    const noKeys = () => Promise.reject(new Error('the ring is not needed'))
    expect(await mayBeTokenOf('client', older, settings, noKeys)).toBe(true)
    const strict = { ...settings, requireMac: true }
    expect(await mayBeTokenOf('client', older, strict, noKeys)).toBe(false)
  })

  test('is stored as its digest and, if it expires, its expiry', () => {
    const token_digest = sha256(older)
    expect(storedToken(older, { ...settings, lifetime: 0 }, now)).toEqual({ token_digest })
    expect(storedToken(older, { ...settings, lifetime: 60 }, now)).toEqual({
      token_digest,
      token_expires_at: now + 60,
    })
  })
})

describe('the successor of a registration access token', () => {
  test('is derived as earlier versions derived it, with a MAC and without', async () => {
    const secret = hmac('registration_access_token', rotation.rotation_nonce, `\0client\0${older}`)
    const mac = hmac('registration_access_token_mac', 'client\0', secret).subarray(0, 16)
    expect(await derive('client', older, rotation, async () => ring)).toEqual([
      `rat_${Buffer.concat([secret, mac]).toString('base64url')}`,
      `rat_${secret.toString('base64url')}`,
    ])
  })

  test('cannot be derived without the key of its rotation, which is read again first', async () => {
    const unknown = { ...rotation, rotation_key: 'k3' }
    expect(await derive('client', older, unknown, async () => ring)).toEqual([])
    const reading: KeyRing[] = []
    const keyRing = async (suffices = (_: KeyRing) => true) => {
      if (suffices(onlyK1)) return onlyK1
      reading.push(ring)
      return ring
    }
    expect(await derive('client', older, rotation, keyRing)).toHaveLength(2)
    expect(reading).toEqual([])
    const later = { ...rotation, rotation_key: 'k2' }
    expect(await derive('client', older, later, keyRing)).toHaveLength(2)
  })

  test('is stored with the rotation that derives it again', async () => {
    const lasting = { ...settings, lifetime: 60 }
    const next = await deriveSuccessor('client', older, lasting, async () => ring, now)
    const { rotation_nonce, rotation_key } = next.stored
    expect(next.stored).toEqual({
      token_digest: sha256(next.token),
      token_expires_at: now + 60,
      rotation_nonce: expect.any(Uint8Array),
      rotation_key: 'k2',
      rotated_at: now,
    })
    expect(rotation_nonce).toHaveLength(16)
    const [again] = await derive(
      'client',
      older,
      { rotation_nonce, rotation_key },
      async () => ring,
    )
    expect(again).toBe(next.token)
    const another = await deriveSuccessor('client', older, lasting, async () => ring, now)
    expect(another.token).not.toBe(next.token)
  })

  test('is not derived by a ring that lost its current key', async () => {
    const lost = async () => ({ current: 'k3', keys: ring.keys })
    await expect(deriveSuccessor('client', older, settings, lost, now)).rejects.toThrow(
      'the key ring lost its current key',
    )
  })
})
