import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { type UnreliableDynamodb, unreliableDynamodb } from '../doubles/unreliable-dynamodb.ts'
import { initialAccessToken, registered } from '../support/clients.ts'
import { testServer } from '../support/server.ts'
import { stored } from '../support/stored.ts'
import { exportTable, importInto } from './commands.ts'
import { testFiles } from './files.ts'
import { comparableItems, registerOwned, type Served, settings } from './rich-table.ts'

const files = testFiles()
const ring = ['--client-secret-key-ring', files.secretRing]

let source: Served
let file: string
let front: UnreliableDynamodb
beforeAll(async () => {
  source = await testServer({ settings })
  for (let client = 0; client < 4; client += 1) await registered(source)
  await registerOwned(source)
  await initialAccessToken(source)
  file = files.path()
  await exportTable(source, '--output', file, '--secrets', ...ring)
  front = await unreliableDynamodb(inject('dynamodb'))
})
afterAll(() => front.close())

/** Starts an import that meets DynamoDB on the unreliable way. */
function startImport({ TableName }: Served): ChildProcess {
  const words = ['import', '--table', TableName, '--input', file, '--trust', ...ring]
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL_DYNAMODB: front.endpoint,
  }
  return spawn(process.execPath, ['cdk/commands/client-registration.ts', ...words], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** The process gets this signal after the request has taken effect, whose answer is lost. */
const signalling = (child: ChildProcess, signal: 'SIGKILL' | 'SIGINT') => async () =>
  child.kill(signal)

describe('an import that is killed', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'at its write %d is completed by another run, without duplicates, counts included',
    async (write) => {
      const target = await testServer({ settings })
      const child = startImport(target)
      // The description of the table, and the writes before, of either kind.
      const before = Array.from({ length: write }, () => 'none' as const)
      front.fail('any', ...before, signalling(child, 'SIGKILL'))
      const [code, signal] = await once(child, 'exit')
      front.fail('any')
      expect(signal ?? code).toBe('SIGKILL')
      const resumed = await importInto(target, file, '--trust', ...ring)
      expect(resumed.code, resumed.err).toBe(0)
      const done = /(\d+) imported, (\d+) present, 0 kept/.exec(resumed.out)
      expect(Number(done?.[1]) + Number(done?.[2])).toBe(8)
      for (const prefix of ['CLIENT#', 'IAT#', 'OWNER#'])
        expect(await comparableItems(target, prefix)).toEqual(await comparableItems(source, prefix))
      expect(await stored(target, '')).toHaveLength((await stored(source, '')).length)
    },
  )
})

describe('an import that is interrupted by Ctrl-C', () => {
  test('ends what it has begun, and names the line to continue at', async () => {
    const target = await testServer({ settings })
    const child = startImport(target)
    let out = ''
    child.stdout?.on('data', (chunk) => {
      out += String(chunk)
    })
    front.fail('any', 'none', signalling(child, 'SIGINT'))
    const [code] = await once(child, 'exit')
    front.fail('any')
    expect([0, 130]).toContain(code)
    const kept = (await stored(target, 'CLIENT#')).length + (await stored(target, 'IAT#')).length
    expect(out).toContain(`${kept} imported, 0 present`)
  })
})
