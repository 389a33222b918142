import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import { Command } from 'commander'
import { eventBridgeBus, eventBridgeClient } from '../../lib/adapters/eventbridge/event-bus.ts'
import { sqsClient } from '../../lib/adapters/sqs/dead-letter-queue.ts'
import { type Republishing, republishMessage, republishTable } from './republish/republish.ts'

/** Publishes change events again: those that were dead-lettered, or the current state of all. */
export const republish = new Command('republish')
  .description(
    'Publishes dead-lettered events again, or the current state of every client (lib/events/README.md).',
  )
  .requiredOption('--bus <arn>', 'the EventBridge bus: EVENT_BUS_ARN of publish-events')
  .option(
    '--queue <url>',
    'the dead-letter queue; a message is deleted once all of it is published',
  )
  .option(
    '--table <name>',
    'instead publishes every client and initial access token in its current state',
  )
  .option(
    '--bump-sequence',
    'with --table, after a restore: first gives each client a sequence above every one published before',
  )
  .action(async (options: Options, command: Command) => {
    const { bus, queue, table, bumpSequence = false } = options
    if ((queue === undefined) === (table === undefined))
      command.error('error: give either --queue or --table')
    if (bumpSequence && table === undefined)
      command.error('error: --bump-sequence goes with --table')
    if (!/^arn:[^:]+:events:[^:]+:\d{12}:event-bus\/.+$/.test(bus))
      command.error(
        'error: --bus: expected the ARN of an event bus, EVENT_BUS_ARN of publish-events',
      )
    if (queue !== undefined && !URL.canParse(queue))
      command.error(
        'error: --queue: expected the URL of a queue, such as the output DeadLetterQueue',
      )
    const to = destination(bus)
    const isComplete =
      table === undefined
        ? await republishQueue(queue ?? '', to)
        : await republishStates(table, bumpSequence, to)
    process.exitCode = isComplete ? 0 : 1
  })

type Options = {
  readonly bus: string
  readonly queue?: string
  readonly table?: string
  readonly bumpSequence?: boolean
}

const log = (line: string) => process.stdout.write(`${line}\n`)

/** One minute: only the operator waits for this request. */
const requestTimeoutMs = 60_000

const destination = (bus: string): Republishing => ({
  streams: new DynamoDBStreamsClient({}),
  dynamodb: new DynamoDBClient({}),
  bus: eventBridgeBus(
    eventBridgeClient(),
    bus,
    (message, cause) => log(`${message} ${cause ?? ''}`),
    requestTimeoutMs,
  ),
  log,
})

async function republishStates(tableName: string, isRestored: boolean, to: Republishing) {
  const { Table } = await to.dynamodb.send(new DescribeTableCommand({ TableName: tableName }))
  return republishTable({ table: Table?.TableArn ?? '', tableName, isRestored }, to)
}

/**
 * Receives each message once. A message that is kept reappears only after its visibility timeout
 * (600 seconds).
 */
async function republishQueue(QueueUrl: string, to: Republishing): Promise<boolean> {
  const sqs = sqsClient({ requestHandler: { requestTimeout: 10_000 } })
  let [done, left] = [0, 0]
  const receive = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600, WaitTimeSeconds: 2 }
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(receive))
    if (Messages.length === 0) break
    for (const { Body = '', ReceiptHandle } of Messages) {
      const isDone = await republishMessage(Body, to).catch((error) => {
        log(`message kept in queue: ${error}`)
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
