import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { afterAll, expect, test } from 'vitest'
import { bundling } from '../../cdk/bundling/esbuild.ts'

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'stack-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('the stack of a fault names the files that were written, though Node reads no source map at the start', () => {
  buildSync({
    ...bundling,
    stdin: {
      contents: `
        import { required } from './functions/environment.ts'
        import { log } from './functions/log.ts'
        try { required({}, 'TABLE_NAME') } catch (error) { log.fault('it failed', error) }`,
      resolveDir: root,
      loader: 'ts',
    },
    outfile: join(folder, 'index.mjs'),
    absWorkingDir: root,
  })
  const { stderr, stdout } = spawnSync(process.execPath, [join(folder, 'index.mjs')], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH },
  })
  const { fault } = JSON.parse(stderr || stdout)
  expect(fault.stack).toMatch(/^at \w+ \([^)]*functions\/environment\.ts:\d+:\d+\)/)
})
