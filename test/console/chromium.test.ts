import { readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { startChromium } from './chromium.ts'
import { unpackedChromium } from './unpacked-chromium.ts'

describe('the browser of these tests', () => {
  test('is unpacked once, however many ask for it, and nothing else is left', async () => {
    const [one, two] = await Promise.all([unpackedChromium(), unpackedChromium()])
    expect(one).toEqual(two)
    // Undefined where the package has none: then the system's is used.
    if (one === undefined) return
    const versions = readdirSync(dirname(dirname(one.executablePath)))
    expect(versions.filter((name) => name.startsWith('unfinished-'))).toEqual([])
  })

  test('is the one that CHROMIUM names; a path without a file is rejected by name', async () => {
    vi.stubEnv('CHROMIUM', '/nowhere/chromium')
    await expect(startChromium()).rejects.toThrow('CHROMIUM: there is no file /nowhere/chromium')
    vi.unstubAllEnvs()
  })
})
