import { Duration } from 'aws-cdk-lib'
import { Rule, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import { Construct } from 'constructs'
import { table as names } from '../lib/adapters/dynamodb/table.ts'
import { grantKey, grantTable } from './api/grants.ts'
import { type LambdaOptions, ServiceFunction } from './api/service-function.ts'
import type { AnyClientTable } from './client-table.ts'

export type CleanUpProps = LambdaOptions & {
  /** Name of the service, and the stage dimension of its metrics. */
  readonly name: string
  readonly table: AnyClientTable
}

/** The nightly clean-up of clients that nobody uses (lib/clean-up). */
export class CleanUp extends Construct {
  readonly lambda: ServiceFunction

  constructor(scope: Construct, id: string, props: CleanUpProps) {
    super(scope, id)
    const { table, name: stage, encryptionKey } = props
    this.lambda = new ServiceFunction(this, 'CleanUp', {
      ...props,
      name: 'clean-up',
      timeout: Duration.minutes(15),
      environment: { STAGE: stage, TABLE_NAME: table.tableName },
    })
    const { listing, byDue } = names
    grantTable(this.lambda, table, [
      { actions: ['Query'], keys: ['DUE#*', 'STALE#*'], on: [byDue.indexName] },
      {
        actions: ['Query'],
        keys: ['CLIENT#*', 'LABELLED#*', 'PENDING#*'],
        on: [listing.indexName],
      },
      { actions: ['BatchGetItem', 'UpdateItem', 'DeleteItem'], keys: ['CLIENT#*'] },
      { actions: ['UpdateItem'], keys: ['OWNER#*'] },
      { actions: ['GetItem', 'PutItem'], keys: ['STATE#*'] },
      { actions: ['PutItem'], keys: ['TOMBSTONE#*'] },
    ])
    grantKey(this.lambda, encryptionKey, 'dynamodb')
    new Rule(this, 'Nightly', {
      description: 'Starts the clean-up of clients that nobody uses',
      schedule: Schedule.cron({ hour: '3', minute: '17' }),
      // Lambda retries twice; what is left is done in the next night.
      targets: [new LambdaFunction(this.lambda.invokable)],
    })
  }
}
