import { EventBus, type IEventBus, Rule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import { Construct } from 'constructs'
import type { Settings } from '../lib/settings/schema.ts'
import { recordReports } from './api/endpoints.ts'
import { grantKey, grantTable } from './api/grants.ts'
import { type LambdaOptions, ServiceFunction } from './api/service-function.ts'
import type { AnyClientTable } from './client-table.ts'

export type UseEventsProps = LambdaOptions & {
  readonly table: AnyClientTable
  /** `source` of the events. */
  readonly source: string
  readonly settings: LambdaOptions['settings'] & Pick<Settings, 'cleanUp'>
  /** Default: the account's default bus. */
  readonly eventBus?: Pick<IEventBus, 'eventBusArn'> | undefined
}

/** EventBridge → Lambda: reports of use as events `client.used` (lib/events/README.md). */
export class UseEvents extends Construct {
  readonly lambda: ServiceFunction

  constructor(scope: Construct, id: string, props: UseEventsProps) {
    super(scope, id)
    const { table, source, settings, eventBus, encryptionKey } = props
    this.lambda = new ServiceFunction(this, 'RecordUse', {
      ...props,
      name: 'record-use',
      environment: { TABLE_NAME: table.tableName },
    })
    grantTable(this.lambda, table, [
      { actions: ['BatchGetItem', 'UpdateItem'], keys: ['CLIENT#*'] },
      ...(settings.cleanUp.mode === 'off' ? [] : [recordReports]),
    ])
    grantKey(this.lambda, encryptionKey, 'dynamodb')
    const bus = eventBus && EventBus.fromEventBusArn(this, 'Bus', eventBus.eventBusArn)
    new Rule(this, 'Used', {
      description: 'Records the uses of clients that an authorization server reports',
      ...(bus && { eventBus: bus }),
      eventPattern: { source: [source], detailType: ['client.used'] },
      targets: [new LambdaFunction(this.lambda.invokable)],
    })
  }
}
