import { Stats } from 'aws-cdk-lib/aws-cloudwatch'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import type { Settings } from '../../lib/settings/settings.ts'
import type { EndpointFunction } from '../api/endpoint-function.ts'
import type { RegistrationApi } from '../api/registration-api.ts'
import type { AnyClientTable } from '../client-table.ts'
import type { Events } from '../events.ts'
import { Alarms } from './alarms.ts'
import { Dashboard } from './dashboard.ts'
import { Queries } from './queries.ts'

export type MonitoringProps = {
  /** What the service is called, and its metrics are told apart by. */
  readonly name: string
  readonly api: RegistrationApi
  /** Those that answer requests. */
  readonly endpoints: readonly EndpointFunction[]
  /** Those that work for others. */
  readonly others: readonly EndpointFunction[]
  readonly table: AnyClientTable
  readonly events: Events
  readonly settings: Settings['alarms']
  /** Where every alarm is told; one is made unless it or the settings have one. */
  readonly topic?: ITopic | undefined
  /** Encrypts what the topic holds; one of its own unless given. */
  readonly encryptionKey?: IKey | undefined
}

/** What tells an operator how the service is: alarms, a dashboard, saved queries (cdk/README.md). */
export class Monitoring extends Construct {
  /** Where every alarm is told; none where alarms are off. */
  readonly topic: ITopic | undefined

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id)
    const { name, api, endpoints, others, table, events, settings, topic, encryptionKey } = props
    const monitored = {
      stage: name,
      api,
      table,
      lambdas: [...endpoints, ...others],
      events: {
        lag: events.lambda.metric('IteratorAge', { statistic: Stats.MAXIMUM, label: 'lag (ms)' }),
        invocations: events.lambda.metricInvocations(),
        deadLetters: events.deadLetterQueue.metricApproximateNumberOfMessagesVisible({
          statistic: Stats.MAXIMUM,
          label: 'dead-lettered (right)',
        }),
      },
    }
    const alarms = new Alarms(this, 'Alarms', { monitored, settings, topic, encryptionKey })
    const logs = monitored.lambdas.map(({ logGroup }) => logGroup)
    new Dashboard(this, 'Dashboard', {
      monitored,
      latencyMs: settings.latencyMs,
      alarms: alarms.all,
      logs,
    })
    new Queries(this, 'Queries', name, {
      requests: endpoints.map(({ logGroup }) => logGroup),
      all: logs,
      access: [api.accessLog],
    })
    this.topic = alarms.topic
  }
}
