import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { cachedKeyRing } from '../../lib/oidc-provider/cached-key-ring.ts'

const key = 'a-key-of-these-tests-that-is-long-enough'

/** A secret that counts how often it is read. */
function secret() {
  const state = { reads: 0, value: JSON.stringify({ current: 'k1', k1: key }) }
  const keyRing = cachedKeyRing(async () => {
    state.reads += 1
    return state.value
  })
  return { state, keyRing }
}

describe('the cached key ring', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('is read once, also by concurrent callers', async () => {
    const { state, keyRing } = secret()
    await Promise.all([keyRing('k1'), keyRing('k1')])
    await keyRing('k1')
    expect(state.reads).toBe(1)
  })

  test('is read again for a key that it lacks, at most every ten seconds', async () => {
    const { state, keyRing } = secret()
    await keyRing('k1')
    state.value = JSON.stringify({ current: 'k2', k1: key, k2: key })
    expect((await keyRing('k2')).keys.has('k2')).toBe(false)
    vi.setSystemTime(Date.now() + 10_000)
    expect((await keyRing('k2')).keys.has('k2')).toBe(true)
    await keyRing('unknown')
    expect(state.reads).toBe(2)
  })

  test('is read again after a failure, whose message contains no key', async () => {
    const { state, keyRing } = secret()
    const { value } = state
    state.value = key
    await expect(keyRing('k1')).rejects.toThrow('the key ring is not JSON')
    state.value = value
    expect((await keyRing('k1')).current).toBe('k1')
  })
})
