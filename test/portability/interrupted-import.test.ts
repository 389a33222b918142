import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type UnreliableDynamodb, unreliableDynamodb } from '../doubles/unreliable-dynamodb.ts'
import { initialAccessToken, registered } from '../support/clients.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { testServer } from '../support/server.ts'
import { stored } from '../support/stored.ts'
import { exportTable, importInto } from './commands.ts'
import { parseLines, testFiles, toLines } from './files.ts'
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
  front = await unreliableDynamodb(embeddedDynamodb)
})
afterAll(() => front.close())

/** Starts a command that meets DynamoDB on the unreliable way. */
function startCommand(...words: readonly string[]): ChildProcess {
  const env = { ...process.env, AWS_ENDPOINT_URL_DYNAMODB: front.endpoint }
  const command = ['cdk/commands/client-registration.ts', ...words]
  return spawn(process.execPath, command, { env, stdio: ['ignore', 'pipe', 'ignore'] })
}

const startImport = ({ TableName }: Served, input: string): ChildProcess =>
  startCommand('import', '--table', TableName, '--input', input, '--trust', ...ring)

/** Before its first write: the description of the table, and a query for each partition of the listing. */
const reads = Array.from({ length: 1 + 32 }, () => 'no fault' as const)

/** The process gets this signal after the request has taken effect, whose answer is lost. */
const signalling = (child: ChildProcess, signal: 'SIGKILL' | 'SIGINT') => async () =>
  child.kill(signal)

describe('an import that is killed', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'at its write %d is completed by another run, without duplicates, counts included',
    async (write) => {
      const target = await testServer({ settings })
      const child = startImport(target, file)
      // Writes of either kind.
      const before = Array.from({ length: write - 1 }, () => 'no fault' as const)
      front.fail('any', ...reads, ...before, signalling(child, 'SIGKILL'))
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
  test('ends what it has begun, and names the line at which another run continues', async () => {
    const [line] = parseLines(files.read(file)).filter(({ type }) => type === 'client')
    const ids = Array.from({ length: 300 }, (_, index) => `client-${index}`)
    const many = files.write(toLines(ids.map((client_id) => ({ ...line, client_id }))))
    const target = await testServer({ settings })
    const child = startImport(target, many)
    let out = ''
    child.stdout?.on('data', (chunk) => {
      out += String(chunk)
    })
    front.fail('any', ...reads, signalling(child, 'SIGINT'))
    const [code] = await once(child, 'close')
    front.fail('any')
    expect(code).toBe(130)
    const done = (await stored(target, 'CLIENT#')).length
    expect(done).toBeLessThan(300)
    expect(out).toContain(`${done} imported, 0 present`)
    expect(out).toContain(`continue by --start-line ${done + 1}\n`)
    const next = ['--start-line', String(done + 1)]
    const rest = await importInto(target, many, '--trust', ...ring, ...next)
    expect(rest.out).toContain(`${300 - done} imported, 0 present, 0 kept`)
    const found = (await stored(target, 'CLIENT#')).map(({ pk }) => String(pk).slice(7))
    expect(found.sort()).toEqual(ids.sort())
  })
})

describe('an export that is interrupted by Ctrl-C', () => {
  test('ends after its page, and is continued', async () => {
    const whole = files.path()
    await exportTable(source, '--output', whole)
    const output = files.path()
    const child = startCommand('export', '--table', source.TableName, '--output', output)
    front.fail('BatchGetItem', signalling(child, 'SIGINT'))
    const [code] = await once(child, 'exit')
    front.fail('BatchGetItem')
    expect(code).toBe(130)
    const lines = parseLines(files.read(output))
    expect(lines.at(-1)?.type).toBe('checkpoint')
    const resumed = await exportTable(source, '--output', output, '--resume')
    expect(resumed.code).toBe(0)
    const content = (path: string) =>
      parseLines(files.read(path)).map(({ exported_at: _, ...one }) => one)
    expect(content(output)).toEqual(content(whole))
  })
})
