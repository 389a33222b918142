import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { batches } from '../../lib/eventbridge/batches.ts'
import { testServer } from '../support/server.ts'
import { client } from './life.ts'
import { recordsOf } from './stream.ts'

type Entry = Readonly<Record<string, unknown>> & { readonly Detail: string }

/** What EventBridge says of each entry of a request: an error code, or nothing where it takes it. */
let verdict: (entries: readonly Entry[]) => readonly (string | undefined)[] | 'down'
let requests: (readonly Entry[])[] = []
let handler: (event: DynamoDBStreamEvent) => Promise<unknown>
let records: DynamoDBRecord[]

const bus = createServer(async (request, response) => {
  const { Entries } = (await json(request)) as { Entries: Entry[] }
  const codes = verdict(Entries)
  response.setHeader('content-type', 'application/x-amz-json-1.1')
  if (codes === 'down') {
    response.statusCode = 400
    response.end(JSON.stringify({ __type: 'AccessDeniedException', message: 'no' }))
    return
  }
  requests.push(Entries)
  const results = codes.map((code, index) =>
    code ? { ErrorCode: code } : { EventId: `e${index}` },
  )
  response.end(JSON.stringify({ FailedEntryCount: 1, Entries: results }))
})

beforeAll(async () => {
  await new Promise<void>((resolve) => bus.listen(0, '127.0.0.1', resolve))
  const { port } = bus.address() as AddressInfo
  vi.stubEnv('AWS_ENDPOINT_URL_EVENTBRIDGE', `http://127.0.0.1:${port}`)
  vi.stubEnv('EVENT_BUS_ARN', 'arn:aws:events:eu-central-1:000000000000:event-bus/default')
  handler = (await import('../../functions/publish-events.ts')).handler

  const server = await testServer()
  const told = await recordsOf(server, async () => {
    const one = await client(server)
    await one.read()
    for (let note = 1; note <= 12; note += 1) await one.change({ note: `${note}` })
  })
  const stream = 'arn:aws:dynamodb:eu-central-1:000000000000:table/t/stream/2026'
  records = told.map((record) => ({ ...record, eventSourceARN: stream }))
})
afterAll(() => {
  vi.unstubAllEnvs()
  bus.close()
})
beforeEach(() => {
  requests = []
  verdict = (entries) => entries.map(() => undefined)
})

const sequences = () =>
  requests.map((entries) => entries.map(({ Detail }) => JSON.parse(Detail).sequence))

/** The record that the answer asks for again, by its place in the batch. */
async function again(Records: DynamoDBRecord[]) {
  const answer = (await handler({ Records })) as { batchItemFailures: { itemIdentifier: string }[] }
  expect(answer.batchItemFailures.length).toBeLessThanOrEqual(1)
  const [first] = answer.batchItemFailures
  return (
    first && Records.findIndex(({ dynamodb }) => dynamodb?.SequenceNumber === first.itemIdentifier)
  )
}

describe('publish-events', () => {
  test('publishes all events in their order, ten a request', async () => {
    expect(await again(records)).toBeUndefined()
    expect(sequences()).toEqual([
      [1, 3, 4, 5, 6, 7, 8, 9, 10, 11],
      [12, 13, 14],
    ])
    expect(requests[0]?.[0]).toMatchObject({
      EventBusName: 'arn:aws:events:eu-central-1:000000000000:event-bus/default',
      Source: 'client-registration',
      DetailType: 'client.registered',
      Resources: ['arn:aws:dynamodb:eu-central-1:000000000000:table/t'],
    })
  })

  test('asks for the first record whose event is refused, and publishes no request after it', async () => {
    verdict = (entries) =>
      entries.map((_, index) => (index === 3 ? 'ThrottlingException' : undefined))
    // The third event is the fifth record: the rotation before it told nothing.
    expect(await again(records)).toBe(4)
    expect(requests).toHaveLength(1)
  })

  test('asks only for what the second request did not publish', async () => {
    verdict = (entries) =>
      entries.map(() => (requests.length === 1 ? 'InternalFailure' : undefined))
    expect(await again(records)).toBe(11)
  })

  test('asks for everything when EventBridge cannot be had, and does not fail itself', async () => {
    verdict = () => 'down'
    expect(await again(records)).toBe(0)
  })

  test('a record that cannot be read comes again, after all before it are published', async () => {
    const [first, , third] = records
    if (first === undefined || third === undefined) throw new Error('too few records')
    const broken = { ...first, dynamodb: { ...third.dynamodb, NewImage: { pk: { N: [] } } } }
    const batch = [first, broken as unknown as DynamoDBRecord, third]
    expect(await again(batch)).toBe(1)
    expect(sequences()).toEqual([[1]])
  })

  test('asks EventBridge for nothing where nothing is to be told', async () => {
    expect(await again(records.slice(1, 2))).toBeUndefined()
    expect(requests).toEqual([])
  })
})

describe('what one request holds', () => {
  const entry = (bytes: number) => ({ Detail: 'x'.repeat(bytes) })

  test.each([
    [0, []],
    [10, [10]],
    [21, [10, 10, 1]],
  ])('%i small entries', (count, sizes) => {
    expect(
      batches(Array.from({ length: count }, () => entry(9))).map(({ length }) => length),
    ).toEqual(sizes)
  })

  test('256 KB together, in UTF-8', () => {
    expect(
      batches([entry(200_000), entry(60_000), entry(60_000)]).map(({ length }) => length),
    ).toEqual([2, 1])
    expect(batches([{ Detail: 'ä'.repeat(100_000) }, entry(100_000)])).toHaveLength(2)
  })
})
