import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { batches } from '../../lib/adapters/eventbridge/batches.ts'
import { eventBridgeBus, eventBridgeClient } from '../../lib/adapters/eventbridge/event-bus.ts'
import { listen } from '../support/loopback.ts'
import { testServer } from '../support/server.ts'
import { client } from './lifecycle.ts'
import { recordsOf } from './stream.ts'

type Entry = Readonly<Record<string, unknown>> & { readonly Detail: string }

/** What EventBridge says of each entry of a request, an error code, or nothing where it takes it; or of the whole. */
type Verdict = readonly (string | undefined)[] | 'AccessDeniedException' | 'ValidationException'
let verdict: (entries: readonly Entry[]) => Verdict
let requests: (readonly Entry[])[] = []
/** Bodies of the messages in the dead-letter queue. */
let letters: unknown[] = []
let queueIsDown = false
let lines: string[] = []
let handler: (event: DynamoDBStreamEvent) => Promise<unknown>
let records: DynamoDBRecord[]

/** EventBridge and the dead-letter queue. */
const services = createServer(async (request, response) => {
  const input = (await json(request)) as { Entries: Entry[]; QueueUrl: string; MessageBody: string }
  const reject = (__type: string) => {
    response.statusCode = 400
    response.end(JSON.stringify({ __type, message: 'no' }))
  }
  response.setHeader('content-type', 'application/x-amz-json-1.1')
  if (request.headers['x-amz-target'] === 'AmazonSQS.SendMessage') {
    if (queueIsDown) return reject('AccessDeniedException')
    expect(input.QueueUrl).toBe(queue)
    letters.push(JSON.parse(input.MessageBody))
    return void response.end('{}')
  }
  const { Entries } = input
  const codes = verdict(Entries)
  if (typeof codes === 'string') return reject(codes)
  requests.push(Entries)
  const results = codes.map((code, index) =>
    code ? { ErrorCode: code } : { EventId: `e${index}` },
  )
  response.end(JSON.stringify({ FailedEntryCount: 1, Entries: results }))
})

const queue = 'https://sqs.eu-central-1.amazonaws.com/000000000000/dead-letters'
const stream = 'arn:aws:dynamodb:eu-central-1:000000000000:table/t/stream/2026'

beforeAll(async () => {
  const { port } = await listen(services)
  vi.stubEnv('AWS_ENDPOINT_URL_EVENTBRIDGE', `http://127.0.0.1:${port}`)
  vi.stubEnv('AWS_ENDPOINT_URL_SQS', `http://127.0.0.1:${port}`)
  vi.stubEnv('DEAD_LETTER_QUEUE_URL', queue)
  vi.stubEnv('LOG_LEVEL', 'ERROR')
  for (const output of [process.stdout, process.stderr])
    vi.spyOn(output, 'write').mockImplementation((line) => lines.push(String(line)) > 0)
  vi.stubEnv('EVENT_BUS_ARN', 'arn:aws:events:eu-central-1:000000000000:event-bus/default')
  handler = (await import('../../functions/publish-events.ts')).handler

  const server = await testServer({
    settings: { registrationAccessToken: { rotateOn: ['read', 'update'] } },
  })
  const changes = await recordsOf(server, async () => {
    const one = await client(server)
    await one.read()
    for (let note = 1; note <= 12; note += 1) await one.change({ note: `${note}` })
  })
  records = changes.map((record) => ({ ...record, eventSourceARN: stream }))
})
afterAll(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  services.close()
})
beforeEach(() => {
  requests = []
  letters = []
  lines = []
  queueIsDown = false
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

  test('asks for the first record whose event is rejected, and publishes no request after it', async () => {
    verdict = (entries) =>
      entries.map((_, index) => (index === 3 ? 'ThrottlingException' : undefined))
    // The third event is the fifth record: the rotation before it published nothing.
    expect(await again(records)).toBe(4)
    expect(requests).toHaveLength(1)
  })

  test('asks only for what the second request did not publish', async () => {
    verdict = (entries) =>
      entries.map(() => (requests.length === 1 ? 'InternalFailure' : undefined))
    expect(await again(records)).toBe(11)
  })

  test('asks for everything when EventBridge cannot be had, and does not fail itself', async () => {
    verdict = () => 'AccessDeniedException'
    expect(await again(records)).toBe(0)
    expect(faults()).toMatchObject([{ level: 'ERROR', fault: { name: 'AccessDeniedException' } }])
  })

  test('sends nothing to EventBridge where nothing is to be published', async () => {
    expect(await again(records.slice(1, 2))).toBeUndefined()
    expect(requests).toEqual([])
  })
})

/** Records of which the second has these members in place of its own. */
function spoilt(members: object): DynamoDBRecord[] {
  const [first, second, third] = records
  if (first === undefined || second === undefined || third === undefined)
    throw new Error('too few records')
  const dynamodb = { ...second.dynamodb, ...members } as Partial<DynamoDBRecord['dynamodb']>
  return [first, { ...second, dynamodb } as DynamoDBRecord, third]
}

const faults = () =>
  lines.filter((line) => line.startsWith('{')).map((line): unknown => JSON.parse(line))

/** What the log, and the dead letter, say of a record. */
const place = ({ eventID, dynamodb }: Partial<DynamoDBRecord> = {}) => ({
  stream,
  sequence_number: dynamodb?.SequenceNumber,
  event_id: eventID,
  key: dynamodb?.Keys?.pk?.S,
})
const letterOf = (record?: DynamoDBRecord) => {
  const { sequence_number, event_id, key } = place(record)
  const [startSequenceNumber, endSequenceNumber] = [sequence_number, sequence_number]
  return {
    record: { event_id, key },
    DDBStreamBatchInfo: { streamArn: stream, startSequenceNumber, endSequenceNumber, batchSize: 1 },
  }
}

describe('a record that can never be published', () => {
  test.each([
    ['an image that is null', { NewImage: null }],
    ['an attribute that is null', { NewImage: { pk: null } }],
    ['an attribute of no type', { NewImage: { pk: {} } }],
  ])(
    'with %s goes to the dead letters, is logged as an ERROR, and holds up nobody',
    async (_, bad) => {
      const batch = spoilt({ OldImage: bad.NewImage, ...bad })
      expect(await again(batch)).toBeUndefined()
      expect(sequences()).toEqual([[1, 3]])
      expect(letters).toEqual([letterOf(batch[1])])
      const [fault, ...others] = faults()
      expect(others).toEqual([])
      expect(fault).toMatchObject({
        level: 'ERROR',
        ...place(batch[1]),
        fault: { message: expect.any(String) },
      })
    },
  )

  test('without a key goes there too', async () => {
    const batch = spoilt({ Keys: undefined })
    expect(await again(batch)).toBeUndefined()
    expect(letters).toMatchObject([{ record: { event_id: batch[1]?.eventID } }])
  })

  test('of an item that is never published is passed over', async () => {
    const batch = spoilt({ Keys: { pk: { S: 'JTI#x' } }, NewImage: { pk: null } })
    expect(await again(batch)).toBeUndefined()
    expect(letters).toEqual([])
  })

  test.each(['MalformedDetail', 'InvalidArgument'])(
    'because EventBridge says %s goes there, and those before and behind it are published',
    async (code) => {
      const bad = ({ Detail }: Entry) => JSON.parse(Detail).sequence === 5
      verdict = (entries) => entries.map((entry) => (bad(entry) ? code : undefined))
      expect(await again(records)).toBeUndefined()
      expect(requests).toHaveLength(2)
      expect(letters).toEqual([letterOf(records[4])])
      expect(faults()).toMatchObject([{ ...place(records[4]), level: 'ERROR' }])
    },
  )

  test('because no request may hold it, as one that is too large, is found and goes there', async () => {
    const isTooLarge = ({ Detail }: Entry) => JSON.parse(Detail).sequence === 5
    verdict = (entries) =>
      entries.some(isTooLarge) ? 'ValidationException' : entries.map(() => undefined)
    expect(await again(records)).toBeUndefined()
    expect(sequences().flat()).toEqual([1, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14])
    expect(letters).toEqual([letterOf(records[4])])
  })

  test('is dead-lettered only once all before it are published', async () => {
    verdict = (entries) => entries.map(() => 'ThrottlingException')
    expect(await again(spoilt({ NewImage: { pk: null } }))).toBe(0)
    expect(letters).toEqual([])
  })

  test('comes again where the dead-letter queue cannot be had', async () => {
    queueIsDown = true
    expect(await again(spoilt({ NewImage: { pk: null } }))).toBe(1)
    expect(faults()).toHaveLength(2)
  })

  test('is logged without anything that its item holds', async () => {
    await again(spoilt({ NewImage: { token_digest: { B: 'the-digest' }, pk: null } }))
    expect(JSON.stringify([letters, lines])).not.toContain('the-digest')
  })
})

describe('a slow EventBridge', () => {
  const publication = (sequence: number) => ({
    table: undefined,
    event: {
      type: 'client.deleted',
      detail: { version: 1, id: 'e', time: 1, client_id: 'c', sequence },
    } as const,
  })

  test('publish-events returns what it could not publish in time, to be retried', async () => {
    const { promise: never, resolve: end } = Promise.withResolvers<void>()
    const slow = createServer(async (request, response) => {
      const { Entries } = (await json(request)) as { Entries: Entry[] }
      if (Entries.some(({ Detail }) => JSON.parse(Detail).sequence >= 20)) await never
      response.end(JSON.stringify({ Entries: Entries.map(() => ({ EventId: 'e' })) }))
    })
    const { port, close } = await listen(slow)
    const client = eventBridgeClient({ endpoint: `http://127.0.0.1:${port}` })
    const begin = performance.now()
    const warnings: string[] = []
    const bus = eventBridgeBus(client, 'default', (message) => warnings.push(message), 700)
    const { publishedCount } = await bus.publish(
      Array.from({ length: 100 }, (_, at) => publication(at)),
    )
    expect(publishedCount).toBe(20)
    expect(performance.now() - begin).toBeLessThan(1_500)
    expect(warnings).toEqual(['EventBridge did not answer'])
    end()
    await close()
  })
})

describe('a request to EventBridge', () => {
  const entry = (bytes: number) => ({ Detail: 'x'.repeat(bytes) })

  test.each([
    [0, []],
    [10, [10]],
    [21, [10, 10, 1]],
  ])('holds ten entries of %i at most', (count, sizes) => {
    expect(
      batches(Array.from({ length: count }, () => entry(9))).map(({ length }) => length),
    ).toEqual(sizes)
  })

  test('holds 256 KB together at most, in UTF-8', () => {
    expect(
      batches([entry(200_000), entry(60_000), entry(60_000)]).map(({ length }) => length),
    ).toEqual([2, 1])
    expect(batches([{ Detail: 'ä'.repeat(100_000) }, entry(100_000)])).toHaveLength(2)
  })
})
