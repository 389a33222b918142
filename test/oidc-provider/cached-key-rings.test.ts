import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { cachedKeyRings } from '../../lib/oidc-provider/cached-key-rings.ts'

const key = 'a-key-of-these-tests-that-is-long-enough'

/** A secret that counts how often it is read. */
function secret() {
  const state: { reads: number; value: string | readonly string[] } = {
    reads: 0,
    value: JSON.stringify({ current: 's1', s1: key }),
  }
  const keyRings = cachedKeyRings(async () => {
    state.reads += 1
    return state.value
  })
  const has = async (id: string) => (await keyRings(id)).map(({ keys }) => keys.has(id))
  return { state, has }
}

describe('the cached key rings', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('are read once, also by concurrent callers', async () => {
    const { state, has } = secret()
    await Promise.all([has('s1'), has('s1')])
    await has('s1')
    expect(state.reads).toBe(1)
  })

  test('are read again for a key that all lack, at most every ten seconds', async () => {
    const { state, has } = secret()
    await has('s1')
    state.value = JSON.stringify({ current: 's2', s1: key, s2: key })
    expect(await has('s2')).toEqual([false])
    vi.setSystemTime(Date.now() + 10_000)
    expect(await has('s2')).toEqual([true])
    await has('unknown')
    expect(state.reads).toBe(2)
  })

  test('are not read again for a key that one of them has', async () => {
    const { state, has } = secret()
    state.value = [String(state.value), JSON.stringify({ current: 'k1', k1: key })]
    expect(await has('k1')).toEqual([false, true])
    vi.setSystemTime(Date.now() + 10_000)
    expect(await has('k1')).toEqual([false, true])
    expect(await has('s1')).toEqual([true, false])
    expect(state.reads).toBe(1)
  })

  test('are read again after a failure, whose message contains no key', async () => {
    const { state, has } = secret()
    const { value } = state
    state.value = key
    await expect(has('s1')).rejects.toThrow('the key ring is not JSON')
    state.value = value
    expect(await has('s1')).toEqual([true])
  })
})
