import { describe, expect, test } from 'vitest'
import { cachedSecrets } from '../../../../lib/adapters/secrets-manager/cached-secrets.ts'
import { originKeyCheck } from '../../../../lib/adapters/secrets-manager/origin-key-check.ts'

const k1 = 'the-first-key-of-these-tests-01234567'
const k2 = 'the-second-key-of-these-tests-0123456'

function check(ring: string) {
  const state: { seconds: number; ring: string | undefined } = { seconds: 0, ring }
  const secrets = cachedSecrets(
    async () => {
      if (state.ring === undefined) throw new Error('Secrets Manager cannot be had')
      return new Map([['origin', state.ring]])
    },
    () => state.seconds * 1000,
  )
  return { state, isOriginKey: originKeyCheck(secrets, 'origin') }
}

describe('the check of an origin key', () => {
  test('accepts the keys of the ring and nothing else', async () => {
    const { isOriginKey } = check(JSON.stringify({ k1 }))
    expect(await isOriginKey(k1)).toBe(true)
    for (const other of ['', 'k1', k2, `${k1} `, k1.toUpperCase(), JSON.stringify({ k1 })])
      expect(await isOriginKey(other)).toBe(false)
  })

  test('accepts old and new key while CloudFront changes from one to the other', async () => {
    const { state, isOriginKey } = check(JSON.stringify({ k1 }))
    expect(await isOriginKey(k1)).toBe(true)
    state.ring = JSON.stringify({ k1, k2 })
    state.seconds += 10
    expect(await isOriginKey(k2)).toBe(true)
    expect(await isOriginKey(k1)).toBe(true)
    state.ring = JSON.stringify({ k2 })
    state.seconds += 300
    expect(await isOriginKey(k1)).toBe(false)
    expect(await isOriginKey(k2)).toBe(true)
  })

  test('says no only by a ring that it could read again: a rejection is remembered', async () => {
    const { state, isOriginKey } = check(JSON.stringify({ k1 }))
    expect(await isOriginKey(k1)).toBe(true)
    state.ring = undefined
    state.seconds += 10
    await expect(isOriginKey(k2)).rejects.toThrow('cannot be read again')
    expect(await isOriginKey(k1)).toBe(true)
    state.ring = JSON.stringify({ k1, k2 })
    state.seconds += 10
    expect(await isOriginKey(k2)).toBe(true)
  })

  test.each(['', 'null', '[]', '{}', '{"k1":""}', '{"k1":7}', JSON.stringify([k1.slice(0, 20)])])(
    'lets nobody in by a ring that holds %j',
    async (ring) => {
      const { isOriginKey } = check(ring)
      for (const presented of ['', 'undefined', k1])
        expect(await isOriginKey(presented).catch(() => 'error')).not.toBe(true)
    },
  )
})
