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
        import { recordMetrics } from './functions/metrics.ts'
        log.debug('debug', {})
        log.request('info', {})
        log.warn('warn', undefined)
        log.fault('fault', undefined)
        log.request('error', {})
        recordMetrics({ operation: 'register', outcome: 'ok', annotations: {}, dynamodb: { roundTrips: 0, milliseconds: 0 } })`,
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
  const { POWERTOOLS_LOG_LEVEL } = (properties.Environment as Declared).Variables
  const { ApplicationLogLevel } = properties.LoggingConfig as { ApplicationLogLevel: string }
  const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'index.mjs')], {
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      POWERTOOLS_LOG_LEVEL,
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
    .map((line) => ('_aws' in line ? 'metrics' : `${line.level} ${line.message}`))
    .sort()
}

type Declared = { readonly Variables: Readonly<Record<string, string>> }

describe('the setting log.level', () => {
  const errors = ['ERROR fault', 'ERROR request']
  test.each([
    ['debug', ['DEBUG debug', ...errors, 'INFO request', 'WARN warn', 'metrics']],
    ['info', [...errors, 'INFO request', 'WARN warn', 'metrics']],
    ['warn', [...errors, 'WARN warn', 'metrics']],
    ['error', [...errors, 'metrics']],
  ] as const)('%s applies, and no level loses metrics', (level, lines) => {
    expect(written(level)).toEqual(lines)
  })
})
