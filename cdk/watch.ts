import { Stack } from 'aws-cdk-lib'
import { Stats } from 'aws-cdk-lib/aws-cloudwatch'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import { Alarms } from './alarms.ts'
import type { ClientTable } from './client-table.ts'
import { Dashboard } from './dashboard.ts'
import type { EndpointFunction } from './endpoint-function.ts'
import type { Events } from './events.ts'
import { Queries } from './queries.ts'
import type { RegistrationApi } from './registration-api.ts'

export type WatchProps = {
  readonly api: RegistrationApi
  /** Those that answer requests. */
  readonly endpoints: readonly EndpointFunction[]
  readonly table: ClientTable
  readonly events: Events
}

/** What tells an operator how the service is: alarms, a dashboard, saved queries (cdk/README.md). */
export class Watch extends Construct {
  /** Where every alarm is told. */
  readonly topic: ITopic

  constructor(scope: Construct, id: string, { api, endpoints, table, events }: WatchProps) {
    super(scope, id)
    const watched = {
      stage: Stack.of(this).stackName,
      api,
      table,
      lambdas: [...endpoints, events.lambda],
      events: {
        lag: events.lambda.metric('IteratorAge', { statistic: Stats.MAXIMUM, label: 'lag (ms)' }),
        deadLetters: events.deadLetterQueue.metricApproximateNumberOfMessagesVisible({
          statistic: Stats.MAXIMUM,
          label: 'given up (right)',
        }),
      },
    }
    const requests = endpoints.map(({ logGroup }) => logGroup)
    const alarms = new Alarms(this, 'Alarms', watched)
    const logs = [...requests, events.lambda.logGroup]
    new Dashboard(this, 'Dashboard', { watched, alarms: alarms.all, logs })
    new Queries(this, 'Queries', requests)
    this.topic = alarms.topic
  }
}
