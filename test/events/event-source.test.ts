import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { startEventSource } from '../../cdk/local/event-source.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { testServer } from '../support/server.ts'
import { client } from './lifecycle.ts'

type Batch = {
  readonly Records: readonly { readonly dynamodb: { readonly SequenceNumber: string } }[]
}

const numbersOf = ({ Records }: Batch) => Records.map(({ dynamodb }) => dynamodb.SequenceNumber)

/** The numbers of each batch that a Lambda with these answers is handed, until there are so many. */
async function handed(batches: number, answer: (numbers: string[]) => string | undefined) {
  const server = await testServer()
  const seen: string[][] = []
  const lines: string[] = []
  const stop = await startEventSource({
    endpoint: embeddedDynamodb,
    tableName: server.TableName,
    log: (line) => lines.push(line),
    async invoke(event) {
      const numbers = numbersOf(event as Batch)
      seen.push(numbers)
      const failed = answer(numbers)
      return { batchItemFailures: failed === undefined ? [] : [{ itemIdentifier: failed }] }
    },
  })
  const one = await client(server)
  for (const note of ['a', 'b', 'c']) await one.change({ note })
  for (let wait = 0; wait < 100 && seen.length < batches; wait += 1) await sleep(100)
  await stop()
  return { seen, lines, numbers: [...new Set(seen.flat())] }
}

describe('the local event source', () => {
  test('hands over each record once where none fails', async () => {
    const { seen, lines, numbers } = await handed(1, () => undefined)
    expect(seen.flat()).toEqual(numbers)
    expect(lines).toEqual([])
  })

  test('hands over again from the record that failed, and gives it up after five times', async () => {
    let poisoned: string | undefined
    const { seen, lines, numbers } = await handed(6, (batch) => {
      poisoned ??= batch[0]
      return batch.find((number) => number === poisoned)
    })
    expect(seen.filter((batch) => batch.includes(numbers[0] ?? ''))).toHaveLength(5)
    expect(seen.slice(0, 5).map(([first]) => first)).toEqual(Array(5).fill(numbers[0]))
    expect(lines).toEqual([expect.stringContaining('was dropped')])
    expect(seen.flat()).toContain(numbers.at(-1))
  })

  test('says so where there is no stream, and lets the service start', async () => {
    const lines: string[] = []
    const options = { invoke: async () => ({ batchItemFailures: [] }), tableName: 'no-such-table' }
    const log = (line: string) => lines.push(line)
    const stop = await startEventSource({ ...options, endpoint: embeddedDynamodb, log })
    await stop()
    expect(lines).toEqual([
      'Event stream unavailable: Error: the table no-such-table has no stream',
    ])
  })
})
