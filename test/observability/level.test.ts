import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundling } from '../../cdk/bundling/esbuild.ts'
import { propertiesOf } from '../cdk/resources.ts'
import { synthesized } from '../cdk/synthesized.ts'

const folder = mkdtempSync(join(tmpdir(), 'level-'))
beforeAll(() => {
  buildSync({
    ...bundling,
    stdin: {
      contents: `
        import { log } from './functions/log.ts'
        import { requestMetrics } from './functions/metrics.ts'
        log.debug('debug', {})
        const ok = { operation: 'register', outcome: 'ok', annotations: {}, dynamodb: { roundTrips: 0, milliseconds: 0 } }
        log.request('INFO', {}, requestMetrics(ok))
        log.warn('warn', undefined)
        log.fault('fault', undefined)
        log.request('ERROR', {}, requestMetrics({ ...ok, outcome: 'fault' }))`,
      resolveDir: join(import.meta.dirname, '../..'),
      loader: 'ts',
    },
    outfile: join(folder, 'index.mjs'),
  })
})
afterAll(() => rmSync(folder, { recursive: true }))

/** What a Lambda of a stage with this setting writes, as the synthesized stage sets its environment and its log. */
function written(level: 'debug' | 'info' | 'warn' | 'error') {
  const [properties = {}] = propertiesOf(synthesized({ log: { level } }), 'AWS::Lambda::Function')
  const { LOG_LEVEL } = (properties.Environment as Declared).Variables
  const { ApplicationLogLevel } = properties.LoggingConfig as { ApplicationLogLevel: string }
  const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'index.mjs')], {
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      LOG_LEVEL,
      AWS_LAMBDA_LOG_LEVEL: ApplicationLogLevel,
      AWS_LAMBDA_LOG_FORMAT: 'JSON',
    },
  })
  const lines = `${stdout}${stderr}`
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  // Lambda leaves out what is below its own level; a line without one counts as INFO.
  const order = ['DEBUG', 'INFO', 'WARN', 'ERROR']
  return lines
    .filter((line) => order.indexOf(line.level ?? 'INFO') >= order.indexOf(ApplicationLogLevel))
    .map(({ level = 'no level,', message = '', ...line }) =>
      [level, message, '_aws' in line ? 'with metrics' : ''].join(' ').trim(),
    )
    .sort()
}

type Declared = { readonly Variables: Readonly<Record<string, string>> }

describe('the setting log.level', () => {
  const errors = ['ERROR fault', 'ERROR request with metrics']
  const all = [...errors, 'INFO request with metrics', 'WARN warn']
  test.each([
    ['debug', ['DEBUG debug', ...all]],
    ['info', all],
    ['warn', [...errors, 'WARN warn', 'no level,  with metrics']],
    ['error', [...errors, 'no level,  with metrics']],
  ] as const)('%s applies, and no level loses metrics', (level, lines) => {
    expect(written(level)).toEqual(lines)
  })
})
