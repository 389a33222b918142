import { describe, expect, test } from 'vitest'
import { cachedSecrets } from '../../../../lib/adapters/secrets-manager/cached-secrets.ts'
import { secretCheck } from '../../../../lib/adapters/secrets-manager/secret-check.ts'

/** Secrets whose reading is counted and may fail, and a clock in seconds. */
function source(values: Record<string, string>) {
  const state = { seconds: 0, readings: 0, fails: false, values }
  const read = async () => {
    state.readings += 1
    await Promise.resolve()
    if (state.fails) throw new Error('Secrets Manager is down')
    return new Map(Object.entries(state.values))
  }
  return { state, secrets: cachedSecrets(read, () => state.seconds * 1000) }
}

describe('secrets in memory', () => {
  test('are read once by many who ask at the same time', async () => {
    const { state, secrets } = source({ a: '1' })
    await Promise.all([secrets.current(), secrets.refreshed(), secrets.current()])
    expect(state.readings).toBe(1)
  })

  test('older than five minutes are read anew while they serve on, and no younger ones', async () => {
    const { state, secrets } = source({ a: '1' })
    await secrets.current()
    state.values = { a: '2' }
    state.seconds = 299
    expect((await secrets.current()).get('a')).toBe('1')
    expect(state.readings).toBe(1)
    state.seconds = 300
    expect((await secrets.current()).get('a')).toBe('1')
    expect(state.readings).toBe(2)
    await secrets.recent()
    expect((await secrets.current()).get('a')).toBe('2')
    expect(state.readings).toBe(2)
  })

  test('that are read anew keep nobody waiting, however long Secrets Manager is silent', async () => {
    const secrets = cachedSecrets(
      (() => {
        let readings = 0
        return () =>
          readings++ === 0 ? Promise.resolve(new Map([['a', '1']])) : new Promise(() => {})
      })(),
      (() => {
        let now = 0
        return () => (now += 300_000)
      })(),
    )
    await secrets.current()
    for (let request = 0; request < 10; request += 1)
      expect((await secrets.current()).get('a')).toBe('1')
  })

  test('that have to be recent are awaited when they are older than five minutes', async () => {
    const { state, secrets } = source({ a: '1' })
    await secrets.recent()
    state.values = { a: '2' }
    state.seconds = 299
    expect((await secrets.recent()).get('a')).toBe('1')
    state.seconds = 300
    expect((await secrets.recent()).get('a')).toBe('2')
    expect(state.readings).toBe(2)
  })

  test('are read for what is missing at most once in ten seconds', async () => {
    const { state, secrets } = source({ a: '1' })
    await secrets.current()
    state.seconds = 9
    for (let request = 0; request < 100; request += 1) await secrets.refreshed()
    expect(state.readings).toBe(1)
    state.seconds = 10
    for (let request = 0; request < 100; request += 1) await secrets.refreshed()
    expect(state.readings).toBe(2)
  })

  test('go on serving while a reading fails, which is not tried again at once', async () => {
    const { state, secrets } = source({ a: '1' })
    await secrets.current()
    state.fails = true
    state.seconds = 300
    expect((await secrets.recent()).get('a')).toBe('1')
    expect((await secrets.current()).get('a')).toBe('1')
    expect((await secrets.refreshed()).get('a')).toBe('1')
    expect(state.readings).toBe(2)
  })

  test('that were never read fail, and are tried again by the next who asks', async () => {
    const { state, secrets } = source({ a: '1' })
    state.fails = true
    await expect(secrets.current()).rejects.toThrow('Secrets Manager is down')
    state.fails = false
    expect((await secrets.current()).get('a')).toBe('1')
  })
})

describe('the check of a bearer against a secret', () => {
  test('accepts the secret and nothing else', async () => {
    const check = secretCheck(source({ master: 'the master token' }).secrets, 'master')
    expect(await check('the master token')).toBe(true)
    for (const wrong of ['', 'the master toke', 'the master token ', 'THE MASTER TOKEN'])
      expect(await check(wrong)).toBe(false)
  })

  test('accepts nothing where the secret is not there', async () => {
    for (const id of ['', 'other', 'constructor']) {
      const check = secretCheck(source({ master: 'm' }).secrets, id)
      for (const bearer of ['', 'undefined', 'm']) expect(await check(bearer)).toBe(false)
    }
  })

  test('accepts a changed secret ten seconds after the last reading, without a restart', async () => {
    const { state, secrets } = source({ master: 'old' })
    const check = secretCheck(secrets, 'master')
    expect(await check('old')).toBe(true)
    state.values = { master: 'new' }
    state.seconds = 10
    expect(await check('new')).toBe(true)
    expect(await check('old')).toBe(false)
  })

  test('rejects a secret that was changed five minutes ago, however long nobody asked', async () => {
    const { state, secrets } = source({ master: 'old' })
    const check = secretCheck(secrets, 'master')
    expect(await check('old')).toBe(true)
    state.values = { master: 'new' }
    state.seconds = 300
    expect(await check('old')).toBe(false)
  })

  test('is not a way to make the service read without end', async () => {
    const { state, secrets } = source({ master: 'm' })
    const check = secretCheck(secrets, 'master')
    for (let guess = 0; guess < 1000; guess += 1) expect(await check(`guess ${guess}`)).toBe(false)
    expect(state.readings).toBe(1)
  })
})
