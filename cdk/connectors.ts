import { Duration } from 'aws-cdk-lib'
import { EventBus, type IEventBus, Rule, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { table as names } from '../lib/adapters/dynamodb/table.ts'
import { details } from '../lib/events/registry-event.ts'
import { eventSource } from '../lib/events/source.ts'
import { connectorSecrets } from '../lib/settings/connector-settings.ts'
import type { Settings } from '../lib/settings/schema.ts'
import { grantKey, grantSecrets, grantTable, grantUserPools } from './api/grants.ts'
import { type LambdaOptions, ServiceFunction } from './api/service-function.ts'
import type { AnyClientTable } from './client-table.ts'
import { DeadLetterQueue } from './dead-letter-queue.ts'
import type { SecretName, Secrets } from './secrets.ts'
import type { LambdaName } from './settings/settings.ts'

export type ConnectorsProps = LambdaOptions & {
  /** Name of the service, and the stage dimension of its metrics. */
  readonly name: string
  readonly table: AnyClientTable
  readonly secrets: Secrets
  readonly settings: LambdaOptions['settings'] & Pick<Settings, 'connectors'>
  /** Default: the account's default bus. */
  readonly eventBus?: Pick<IEventBus, 'eventBusArn'> | undefined
}

const keyRings: readonly SecretName[] = ['keyRing', 'clientSecretKeyRing']

/**
 * Keeps the clients of other authorization servers as they are here: by each change, and every
 * night (functions/connectors).
 */
export class Connectors extends Construct {
  /** Pushes the client of each event. */
  readonly push: ServiceFunction
  /** Compares all clients once a night. */
  readonly reconcile: ServiceFunction
  /** Holds the events whose client could not be pushed. */
  readonly deadLetterQueue: Queue

  constructor(scope: Construct, id: string, props: ConnectorsProps) {
    super(scope, id)
    const { table, eventBus, encryptionKey } = props
    this.deadLetterQueue = new DeadLetterQueue(this, 'DeadLetters', {
      encryptionKey,
      source: 'the Lambda',
    })
    this.push = this.#lambda('PushClients', 'push-clients', Duration.seconds(60), props)
    const { queueArn } = this.deadLetterQueue
    this.push.configureAsyncInvoke({
      // What three attempts do not push is pushed by the next night, or from this queue.
      onFailure: { bind: () => ({ destination: queueArn }) },
      retryAttempts: 2,
    })
    this.push.addToRolePolicy(
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queueArn] }),
    )
    grantKey(this.push, encryptionKey, 'sqs')
    this.reconcile = this.#lambda(
      'ReconcileClients',
      'reconcile-clients',
      Duration.minutes(15),
      props,
    )
    const keys = ['CLIENT#*', 'LABELLED#*', 'PENDING#*']
    const on = [names.listing.indexName]
    grantTable(this.reconcile, table, [{ actions: ['Query'], keys, on }])

    const bus = eventBus && EventBus.fromEventBusArn(this, 'Bus', eventBus.eventBusArn)
    new Rule(this, 'Changed', {
      description: 'Pushes changed clients to the servers of the setting connectors',
      ...(bus && { eventBus: bus }),
      // Stages that share a bus are distinguished by their table.
      eventPattern: { source: [eventSource], detailType, resources: [table.tableArn] },
      targets: [new LambdaFunction(this.push.invokable)],
    })
    new Rule(this, 'Nightly', {
      description: 'Compares the clients with those of the servers of the setting connectors',
      schedule: Schedule.cron({ hour: '4', minute: '17' }),
      targets: [new LambdaFunction(this.reconcile.invokable)],
    })
  }

  /** A Lambda that reads clients with their secrets, and the secrets of the connectors. */
  #lambda(id: string, name: LambdaName, timeout: Duration, props: ConnectorsProps) {
    const { name: stage, table, secrets, settings, encryptionKey } = props
    const lambda = new ServiceFunction(this, id, {
      ...props,
      name,
      timeout,
      environment: { STAGE: stage, TABLE_NAME: table.tableName, ...secrets.environment(keyRings) },
    })
    grantTable(lambda, table, [{ actions: ['GetItem'], keys: ['CLIENT#*'] }])
    grantKey(lambda, encryptionKey, 'dynamodb', ['Decrypt'])
    grantSecrets(lambda, [...secrets.pick(keyRings), ...connectorSecrets(settings.connectors)])
    grantUserPools(lambda, settings.connectors)
    grantKey(lambda, encryptionKey, 'secretsmanager')
    return lambda
  }
}

const detailType = Object.keys(details).filter((type) => type.startsWith('client.'))
