import { Duration, Stack } from 'aws-cdk-lib'
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { EventSourceMapping, StartingPosition } from 'aws-cdk-lib/aws-lambda'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { eventSource } from '../lib/events/source.ts'
import { grantKey } from './api/grants.ts'
import { type LambdaOptions, ServiceFunction } from './api/service-function.ts'
import type { AnyClientTable } from './client-table.ts'
import { DeadLetterQueue } from './dead-letter-queue.ts'
import { suppressNag } from './suppressions.ts'

export type EventsProps = LambdaOptions & {
  readonly table: AnyClientTable
  /** Default: the account's default bus. */
  readonly eventBus?: Pick<IEventBus, 'eventBusArn'> | undefined
}

/**
 * Table stream → Lambda → EventBridge (lib/events/README.md). Delivery is at least once, in order
 * within each shard.
 */
export class Events extends Construct {
  /** Publishes the events. Its iterator age is the lag behind the table. */
  readonly lambda: ServiceFunction
  /**
   * Holds the stream ranges of records that could not be published. The stream keeps the records
   * themselves for 24 hours.
   */
  readonly deadLetterQueue: Queue

  constructor(scope: Construct, id: string, props: EventsProps) {
    super(scope, id)
    const { table, eventBus, encryptionKey } = props
    const bus = eventBus ?? EventBus.fromEventBusName(this, 'DefaultBus', 'default')
    this.deadLetterQueue = new DeadLetterQueue(this, 'DeadLetters', {
      encryptionKey,
      source: 'the event source mapping',
    })
    this.lambda = new ServiceFunction(this, 'PublishEvents', {
      ...props,
      name: 'publish-events',
      environment: {
        EVENT_BUS_ARN: bus.eventBusArn,
        DEAD_LETTER_QUEUE_URL: this.deadLetterQueue.queueUrl,
      },
    })
    this.#grant(readStream, `${table.tableArn}/stream/*`)
    suppressNag(
      this.lambda.role ?? this.lambda,
      `IAM5[Resource::${inFindings(Stack.of(this).resolve(table.tableArn))}/stream/*]`,
      'A table that is restored has a stream of another name; the mapping that is made anew for it could not read it before a deploy, and a deploy that finds no difference repairs nothing. It stays the one table.',
    )
    // `ForAllValues`, because a request has several entries. It also matches an entry without a
    // source, but EventBridge rejects those.
    this.#grant(['events:PutEvents'], bus.eventBusArn, {
      'ForAllValues:StringEquals': { 'events:source': eventSource },
    })
    this.#grant(['sqs:SendMessage'], this.deadLetterQueue.queueArn)
    grantKey(this.lambda, encryptionKey, 'dynamodb')
    grantKey(this.lambda, encryptionKey, 'sqs')
    this.#readStream(streamOf(table))
  }

  #grant(actions: readonly string[], resource: string, conditions?: Conditions) {
    this.lambda.addToRolePolicy(
      new PolicyStatement({
        actions: [...actions],
        resources: [resource],
        ...(conditions && { conditions }),
      }),
    )
  }

  #readStream(eventSourceArn: string) {
    const { queueArn } = this.deadLetterQueue
    new EventSourceMapping(this, 'Stream', {
      target: this.lambda,
      eventSourceArn,
      // LATEST would miss writes made before polling starts. Consumers detect duplicates by event
      // id.
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      // Batch for five seconds: an invocation costs more than the event that it publishes.
      maxBatchingWindow: Duration.seconds(5),
      parallelizationFactor: 1,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      // Half of the stream's 24-hour retention. The operator has the other half to read
      // dead-lettered records.
      maxRecordAge: Duration.hours(12),
      retryAttempts: 10_000,
      onFailure: { bind: () => ({ destination: queueArn }) },
    })
  }
}

/** Lambda requires all four actions to read a stream. */
const readStream = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map(
  (action) => `dynamodb:${action}`,
)

type Conditions = Readonly<Record<string, Readonly<Record<string, string>>>>

type Intrinsic = {
  readonly Ref?: string
  readonly 'Fn::GetAtt'?: readonly string[]
  readonly 'Fn::Join'?: readonly [string, readonly (string | Intrinsic)[]]
}

/** Formats a value as cdk-nag does in a finding id: references in angle brackets. */
function inFindings(value: string | Intrinsic): string {
  if (typeof value === 'string') return value
  const { Ref, 'Fn::GetAtt': attribute = [], 'Fn::Join': joined } = value
  if (joined !== undefined) return joined[1].map(inFindings).join(joined[0])
  return `<${Ref ?? attribute.join('.')}>`
}

function streamOf({ tableStreamArn }: AnyClientTable): string {
  if (tableStreamArn === undefined) throw new Error('the table has no stream')
  return tableStreamArn
}
