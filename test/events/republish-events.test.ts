import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DeleteCommand } from '@aws-sdk/lib-dynamodb'
import type { DynamoDBRecord } from 'aws-lambda'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { listStates } from '../../cdk/commands/republish/states.ts'
import { followTable } from '../../cdk/local/table-stream.ts'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { sqsClient, sqsDeadLetterQueue } from '../../lib/adapters/sqs/dead-letter-queue.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { testServer } from '../support/server.ts'
import { serveAws } from './aws.ts'
import { client, initialAccessToken } from './lifecycle.ts'
import { replayEvents } from './republish.ts'
import { eventsOf, recordsOf } from './stream.ts'

type Server = Awaited<ReturnType<typeof testServer>>

let aws: Awaited<ReturnType<typeof serveAws>>
let server: Server
let stream: string
beforeAll(async () => {
  aws = await serveAws()
})
beforeEach(async () => {
  server = await testServer({
    settings: { registrationAccessToken: { rotateOn: ['read', 'update'] } },
  })
  stream = (await followTable(embeddedDynamodb, server.TableName)).arn
})
afterAll(() => aws.close())

const replay = (...options: string[]) =>
  replayEvents(
    aws.url,
    '--bus',
    'arn:aws:events:eu-central-1:123456789012:event-bus/default',
    ...options,
  )

const queue = 'https://sqs.eu-central-1.amazonaws.com/000000000000/dead-letters'

const numberOf = (record?: DynamoDBRecord) => record?.dynamodb?.SequenceNumber ?? ''

/** A message as the event source mapping sends it. */
const ofMapping = (records: readonly DynamoDBRecord[], streamArn: string, shardId?: string) =>
  JSON.stringify({
    requestContext: { condition: 'RetryAttemptsExhausted' },
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: numberOf(records[0]),
      endSequenceNumber: numberOf(records.at(-1)),
      batchSize: records.length,
      streamArn,
    },
  })

/** Sends what publish-events sends of a record that it dead-letters. */
const giveUp = (record: DynamoDBRecord | undefined) =>
  sqsDeadLetterQueue(sqsClient({ endpoint: aws.url }), queue, () => {}).send([
    {
      stream,
      sequence_number: numberOf(record),
      event_id: record?.eventID,
      key: record?.dynamodb?.Keys?.pk?.S,
    },
  ])

const outlines = (events: readonly { type: string; detail: { sequence: number } }[]) =>
  events.map(({ type, detail }) => `${type} ${detail.sequence}`)

/** One client with five events, as its table's stream has them. */
const story = (of: Server) =>
  recordsOf(of, async () => {
    const one = await client(of)
    await one.change({ note: 'a' })
    await one.read()
    await one.change({ disabled: true })
    await one.change({ label: 'Partner' })
  })

/** The same record, at a place that the stream does not have. */
const gone = (record: DynamoDBRecord | undefined) =>
  record && { ...record, dynamodb: { ...record.dynamodb, SequenceNumber: '9'.repeat(21) } }

describe('client-registration republish --queue', () => {
  test('publishes a range of the stream again, under the same ids, and deletes the message', async () => {
    const records = await story(server)
    aws.put(ofMapping(records.slice(1, 4), stream))
    const { code, out } = await replay('--queue', queue)
    expect(out).toContain('3 records read, all published')
    expect(code).toBe(0)
    expect(aws.queued()).toEqual([])
    const published = aws.published()
    const { id: first, time } = eventsOf(records)[1]?.detail ?? {}
    expect(published[0]?.detail).toMatchObject({ id: first, time })
    expect(published.map(({ detail }) => detail)).toEqual(
      eventsOf(records.slice(1, 4)).map(({ detail }) => detail),
    )
    expect(published[0]?.resources).toEqual([stream.split('/stream/')[0]])
  })

  test('publishes the one record of a message of the Lambda, which names no shard', async () => {
    const records = await story(server)
    await giveUp(records[3])
    expect((await replay('--queue', queue)).code).toBe(0)
    expect(outlines(aws.published())).toEqual(['client.disabled 4'])
  })

  test('publishes the current state of a client, with all its members, where the stream is gone', async () => {
    const records = await story(server)
    await giveUp(gone(records[1]))
    expect((await replay('--queue', queue)).code).toBe(0)
    const [event, ...others] = aws.published()
    expect(others).toEqual([])
    expect(event).toMatchObject({
      type: 'client.disabled',
      detail: {
        sequence: 5,
        changed: expect.arrayContaining(['client_name', 'client_secret', 'disabled_at', 'label']),
      },
    })
    expect(aws.queued()).toEqual([])
  })

  test('says what is left to do where range or item no longer exists, and keeps what can be done', async () => {
    const records = await story(server)
    aws.put(ofMapping(records.slice(0, 2), stream.replace(server.TableName, 'of-the-past')))
    const pk = String(records[0]?.dynamodb?.Keys?.pk?.S)
    await documents.send(new DeleteCommand({ TableName: server.TableName, Key: { pk } }))
    await giveUp(gone(records[0]))
    aws.put('no JSON')
    const { code, out } = await replay('--queue', queue)
    expect(code).toBe(1)
    expect(out).toContain('--table of-the-past')
    expect(out).toContain(`${pk} is gone from the stream and from the table`)
    expect(out).toContain('1 messages published and deleted, 2 left')
    expect(aws.queued()).toHaveLength(2)
    expect(aws.published()).toEqual([])
  })

  test('keeps a range that cannot be read to its end, whatever could be read of it', async () => {
    const records = await story(server)
    const [first, last] = [records[0], gone(records[1])]
    if (first === undefined || last === undefined) throw new Error('there are no records')
    aws.put(ofMapping([first, last], stream))
    const before = aws.queued().length
    const { code, out } = await replay('--queue', queue)
    expect(code).toBe(1)
    expect(out).toContain('could not be read to its end')
    expect(aws.queued()).toHaveLength(before)
    expect(aws.published()).toEqual([])
  })
})

describe('client-registration republish --table', () => {
  test('republishes every client and token as it is, twice under the same ids, and no item else', async () => {
    await client(server)
    await story(server)
    const enabled = await client(server)
    await enabled.change({ note: 'b' })
    await initialAccessToken(server)
    await (await initialAccessToken(server, { max_uses: 2 })).register()
    await initialAccessToken(server, { consumed: 'never' })
    await server.clients.markUsed(
      { digest: new Uint8Array(32), remembered_until: 1 },
      new Uint8Array(8),
    )
    expect((await replay('--table', server.TableName)).code).toBe(0)
    const once = aws.published()
    expect(outlines(once).sort()).toEqual([
      'client.disabled 5',
      'client.enabled 2',
      'client.registered 1',
      'client.registered 1',
      'initial_access_token.consumed 2',
      'initial_access_token.issued 1',
      'initial_access_token.issued 1',
    ])
    await replay('--table', server.TableName)
    const idsOf = (events: typeof once) => events.map(({ detail }) => detail.id).sort()
    expect(idsOf(aws.published())).toEqual(idsOf(once))
    expect(new Set(idsOf(once)).size).toBe(once.length)
  })
})

describe('the clients of a restored table', () => {
  test('are published without one that is deleted meanwhile', async () => {
    const ids = [await client(server), await client(server), await client(server)]
    const dynamodb = new DynamoDBClient({ endpoint: embeddedDynamodb })
    const deleted = { pk: { S: `CLIENT#${ids[1]?.client_id}` } }
    // Between the page that shows it and the write to it.
    dynamodb.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (commandName === 'UpdateItemCommand')
            await documents.send(
              new DeleteCommand({ TableName: server.TableName, Key: { pk: deleted.pk.S } }),
            )
          return next(args)
        },
      { step: 'initialize' },
    )
    const republished = []
    for await (const events of listStates(dynamodb, server.TableName, true))
      republished.push(...events)
    const remaining = [ids[0], ids[2]].map((one) => one?.client_id)
    expect(
      republished.map(({ detail }) => 'client_id' in detail && detail.client_id).sort(),
    ).toEqual(remaining.sort())
    dynamodb.destroy()
  })
})

describe('client-registration republish', () => {
  test('rejects a --bus that is not the ARN of an event bus', async () => {
    const { code, out } = await replayEvents(aws.url, '--bus', 'default', '--queue', queue)
    expect(code).toBe(1)
    expect(out).toContain('--bus: expected the ARN of an event bus')
  })

  test.each([[[]], [['--queue', queue, '--table', 't']]])(
    'with %j says what it needs',
    async (options) => {
      const { code, out } = await replay(...options)
      expect(code).toBe(1)
      expect(out).toContain('either --queue or --table')
    },
  )
})

const documents = documentClient({ endpoint: embeddedDynamodb })
