import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { UnusableDocument } from '../../../../lib/adapters/https/fetch-document.ts'
import { withHostCooldown } from '../../../../lib/adapters/https/host-cooldown.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())
const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000)

/** A reader that fails on demand, and the URLs that were requested of it. */
function failing(failure: () => Error | undefined) {
  const asked: string[] = []
  const read = withHostCooldown(async (url) => {
    asked.push(url)
    const error = failure()
    if (error) throw error
    return url
  })
  return { read, asked }
}

const rejected = (reading: Promise<unknown>) =>
  reading.then(
    () => 'read',
    (error: Error) => error.message,
  )

describe('a host that does not answer', () => {
  test('is not asked again for a minute, by whatever path', async () => {
    const { read, asked } = failing(() => new Error('timeout'))
    expect(await rejected(read('https://a.example/1'))).toBe('timeout')
    for (const path of ['1', '2', '3'])
      expect(await rejected(read(`https://a.example/${path}`))).toMatch(/within the last minute/)
    expect(asked).toHaveLength(1)
    later(60)
    expect(await rejected(read('https://a.example/1'))).toBe('timeout')
    expect(asked).toHaveLength(2)
  })

  test('leaves other hosts and other ports alone', async () => {
    const { read, asked } = failing(() => new Error('timeout'))
    for (const url of ['https://a.example/', 'https://b.example/', 'https://a.example:8443/'])
      await rejected(read(url))
    expect(asked).toHaveLength(3)
  })

  test('that answers again is asked as ever', async () => {
    let error: Error | undefined = new Error('timeout')
    const { read } = failing(() => error)
    await rejected(read('https://a.example/'))
    error = undefined
    later(60)
    for (let count = 0; count < 2; count += 1)
      expect(await rejected(read('https://a.example/'))).toBe('read')
  })

  test('is one that does not answer: another client’s wrong document there is no reason', async () => {
    const { read, asked } = failing(() => new UnusableDocument('status 404'))
    await rejected(read('https://a.example/1'))
    expect(await rejected(read('https://a.example/2'))).toBe('status 404')
    expect(asked).toHaveLength(2)
  })

  test('is forgotten where a thousand others have failed since', async () => {
    const { read, asked } = failing(() => new Error('timeout'))
    for (let count = 0; count <= 1_000; count += 1)
      await rejected(read(`https://${count}.example/`))
    await rejected(read('https://1000.example/'))
    expect(asked).toHaveLength(1_001)
    await rejected(read('https://0.example/'))
    expect(asked).toHaveLength(1_002)
  })
})
