import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { buildLambdas } from '../../cdk/bundling/build-lambdas.ts'
import { cachedAssembly } from '../../cdk/local/assembly-cache.ts'

const folder = mkdtempSync(join(tmpdir(), 'assembly cache '))
afterAll(() => rmSync(folder, { recursive: true }))

let cache: string
let extensions: string
let synthesized: number
beforeEach(() => {
  const own = mkdtempSync(join(folder, 'test-'))
  cache = join(own, 'cache')
  extensions = join(own, 'extensions')
  mkdirSync(extensions)
  synthesized = 0
})

/** Writes a bundle that is made of this file. */
const bundle = (source: string) => async (directory: string) => {
  synthesized += 1
  const root = join(import.meta.dirname, '../..')
  const sources = [relative(join(root, 'cdk.out/bundle'), source)]
  writeFileSync(join(directory, 'index.mjs.map'), JSON.stringify({ sources }))
}
const ownSource = join(import.meta.dirname, '../../lib/client.ts')
const assembly = (context: object = {}, source = ownSource) =>
  cachedAssembly({ context, extensions }, bundle(source), cache)

describe('a synthesized assembly', () => {
  test('is used again for the same settings and sources', async () => {
    const first = await assembly({ stages: { dev: {} } })
    expect(await assembly({ stages: { dev: {} } })).toBe(first)
    expect(synthesized).toBe(1)
    expect(readdirSync(first)).toEqual(['index.mjs.map'])
  })

  test('is used again where it has the Lambdas of this repository', async () => {
    const synthesize = async (directory: string) => {
      synthesized += 1
      for (const [lambda, files] of buildLambdas())
        for (const [name, contents] of files)
          writeFileSync(join(directory, `${lambda}-${name}`), contents)
    }
    const first = await cachedAssembly({ context: {} }, synthesize, cache)
    expect(readdirSync(first).filter((name) => name.endsWith('.map'))).not.toEqual([])
    expect(await cachedAssembly({ context: {} }, synthesize, cache)).toBe(first)
    expect(synthesized).toBe(1)
  })

  test('is not used for other settings', async () => {
    const first = await assembly({ stages: { dev: {} } })
    expect(await assembly({ stages: { dev: { registration: 'token' } } })).not.toBe(first)
  })

  test('is not used once an extension was added, changed or removed', async () => {
    const seen = new Set([await assembly()])
    const file = join(extensions, 'policies.ts')
    writeFileSync(file, 'export const policies = {}')
    seen.add(await assembly())
    writeFileSync(file, 'export const policies = { one: () => {} }')
    seen.add(await assembly())
    expect(seen.size).toBe(3)
    rmSync(file)
    expect(seen).toContain(await assembly())
    expect(synthesized).toBe(3)
  })

  test('is not used again where an extension imports a file of another folder', async () => {
    const elsewhere = join(folder, 'elsewhere.ts')
    const first = await assembly({}, elsewhere)
    expect(await assembly({}, elsewhere)).not.toBe(first)
    expect(synthesized).toBe(2)
    expect(existsSync(first)).toBe(true)
  })

  test('is not kept where a source changed while it was made', async () => {
    const synthesize = async (directory: string) => {
      await bundle(ownSource)(directory)
      writeFileSync(join(extensions, 'policies.ts'), `// ${synthesized}`)
    }
    await cachedAssembly({ context: {}, extensions }, synthesize, cache)
    rmSync(join(extensions, 'policies.ts'))
    await assembly()
    expect(synthesized).toBe(2)
  })

  test('is whole for each of several that make it at once', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => assembly()))
    expect(new Set(all).size).toBe(1)
    expect(readdirSync(cache)).toHaveLength(1)
    expect(readdirSync(all[0] ?? '')).toEqual(['index.mjs.map'])
  })

  test('that fails leaves nothing', async () => {
    const failing = cachedAssembly({ context: {} }, () => Promise.reject(new Error('no')), cache)
    await expect(failing).rejects.toThrow('no')
    expect(readdirSync(cache)).toEqual([])
  })

  test('is made in a temporary folder where nobody may write into the cache', async () => {
    writeFileSync(cache, 'a file')
    expect(readdirSync(await assembly())).toEqual(['index.mjs.map'])
  })
})

describe('the cache of assemblies', () => {
  const aged = (name: string, hours: number) => {
    const path = join(cache, name)
    mkdirSync(path, { recursive: true })
    const then = new Date(Date.now() - hours * 3_600_000)
    utimesSync(path, then, then)
  }

  test('holds none for longer than a week without use', async () => {
    aged('old', 8 * 24)
    aged('recent', 6 * 24)
    const now = await assembly()
    expect(readdirSync(cache).sort()).toEqual([now.slice(cache.length + 1), 'recent'].sort())
  })

  test('holds forty, and beyond these only what may be in use', async () => {
    for (let number = 0; number < 45; number += 1) aged(`unused-${number}`, 3 + number)
    for (let number = 0; number < 10; number += 1) aged(`used-${number}`, 1)
    await assembly()
    const names = readdirSync(cache)
    expect(names).toHaveLength(40)
    expect(names.filter((name) => name.startsWith('used-'))).toHaveLength(10)
    expect(names).toContain('unused-0')
    expect(names).not.toContain('unused-44')
  })
})
