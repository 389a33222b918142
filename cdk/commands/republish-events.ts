import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import { Command } from 'commander'
import { eventBridgeBus, eventBridgeClient } from '../../lib/adapters/eventbridge/event-bus.ts'
import { sqsClient } from '../../lib/adapters/sqs/dead-letter-queue.ts'
import { describeError } from './cli-error.ts'
import { republishMessage, republishTable } from './republish/republish.ts'

const command = new Command('npx node cdk/commands/republish-events.ts')
  .description(
    "Publishes again what the dead-letter queue points to (lib/events/README.md), with this shell's AWS credentials.",
  )
  .requiredOption('--bus <arn>', 'the EventBridge bus: EVENT_BUS_ARN of publish-events')
  .option(
    '--queue <url>',
    'the dead-letter queue; a message is deleted once all of it is published',
  )
  .option('--table <name>', 'publishes every client and initial access token as it stands instead')
  .option(
    '--bump-sequence',
    'with --table, after a restore: first gives each client a sequence above all that were told of it',
  )
  .parse()
const { bus, queue, table, bumpSequence = false } = command.opts<Options>()
if ((queue === undefined) === (table === undefined))
  command.error('error: give either --queue or --table')
if (bumpSequence && table === undefined) command.error('error: --bump-sequence goes with --table')
if (queue !== undefined && !URL.canParse(queue))
  command.error('error: --queue: expected the URL of a queue, such as the output DeadLetterQueue')

const dynamodb = new DynamoDBClient({})
const log = (line: string) => process.stdout.write(`${line}\n`)
/** One minute: only the operator waits for this request. */
const requestTimeoutMs = 60_000
const replay = {
  streams: new DynamoDBStreamsClient({}),
  dynamodb,
  bus: eventBridgeBus(
    eventBridgeClient(),
    bus,
    (message, cause) => log(`${message} ${cause ?? ''}`),
    requestTimeoutMs,
  ),
  log,
}

try {
  process.exitCode = (await (table === undefined ? ofQueue(queue ?? '') : ofTable(table))) ? 0 : 1
} catch (error) {
  command.error(`error: ${describeError(error)}`)
}

async function ofTable(tableName: string): Promise<boolean> {
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: tableName }))
  const restoredTable = { table: Table?.TableArn ?? '', tableName, isRestored: bumpSequence }
  return republishTable(restoredTable, replay)
}

/**
 * Receives each message once. A message that is kept reappears only after its visibility timeout
 * (600 seconds).
 */
async function ofQueue(QueueUrl: string): Promise<boolean> {
  const sqs = sqsClient({ requestHandler: { requestTimeout: 10_000 } })
  let [done, left] = [0, 0]
  const receive = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600, WaitTimeSeconds: 2 }
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(receive))
    if (Messages.length === 0) break
    for (const { Body = '', ReceiptHandle } of Messages) {
      const isDone = await republishMessage(Body, replay).catch((error) => {
        log(`a message stays: ${error}`)
        return false
      })
      if (isDone) {
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))
        done += 1
      } else left += 1
    }
  }
  log(`${done} messages published and deleted, ${left} left in the queue`)
  return left === 0
}

type Options = {
  readonly bus: string
  readonly queue?: string
  readonly table?: string
  readonly bumpSequence?: boolean
}
