import { Stats } from 'aws-cdk-lib/aws-cloudwatch'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import type { RegistrationApi } from '../api/registration-api.ts'
import type { ServiceFunction } from '../api/service-function.ts'
import type { AnyClientTable } from '../client-table.ts'
import type { Events } from '../events.ts'
import type { StageSettings } from '../settings/settings.ts'
import { Alarms } from './alarms.ts'
import { Dashboard } from './dashboard.ts'
import { Queries } from './queries.ts'

export type MonitoringProps = {
  /** Name of the service, and the stage dimension of its metrics. */
  readonly name: string
  readonly api: RegistrationApi
  /** Lambdas that serve requests. */
  readonly endpoints: readonly ServiceFunction[]
  /** Lambdas without which requests or events stop. */
  readonly others: readonly ServiceFunction[]
  /** Lambdas that repeat what they could not do. */
  readonly background: readonly ServiceFunction[]
  readonly table: AnyClientTable
  readonly events: Events
  /** Whether clean-up makes clients stale. */
  readonly cleansUp: boolean
  /** Whether clients are pushed to other servers. */
  readonly pushesClients: boolean
  /** Whether clients are pushed to a user pool of Cognito. */
  readonly fillsUserPool: boolean
  readonly settings: StageSettings['alarms']
  /** Topic that every alarm notifies. Default: the one in the settings, or else a new topic. */
  readonly topic?: ITopic | undefined
  /** KMS key of a new topic. Default: a dedicated key. */
  readonly encryptionKey?: IKey | undefined
}

/** Alarms, dashboard and saved queries for the operator (cdk/README.md). */
export class Monitoring extends Construct {
  /** Topic that every alarm notifies; undefined when alarms are disabled. */
  readonly topic: ITopic | undefined
  readonly alarms: Alarms
  readonly dashboard: Dashboard

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id)
    const { name, api, endpoints, others, background, table, events, cleansUp } = props
    const { pushesClients, fillsUserPool } = props
    const { settings, topic, encryptionKey } = props
    const monitored = {
      stage: name,
      api,
      table,
      cleansUp,
      pushesClients,
      fillsUserPool,
      lambdas: [...endpoints, ...others],
      background,
      events: {
        lag: events.lambda.metric('IteratorAge', { statistic: Stats.MAXIMUM, label: 'lag (ms)' }),
        invocations: events.lambda.metricInvocations(),
        deadLetters: events.deadLetterQueue.metricApproximateNumberOfMessagesVisible({
          statistic: Stats.MAXIMUM,
          label: 'dead-lettered (right)',
        }),
      },
    }
    this.alarms = new Alarms(this, 'Alarms', { monitored, settings, topic, encryptionKey })
    const logs = [...monitored.lambdas, ...background].map(({ logGroup }) => logGroup)
    this.dashboard = new Dashboard(this, 'Dashboard', {
      monitored,
      latencyMs: settings.latencyMs,
      alarms: this.alarms.all,
      logs,
    })
    new Queries(this, 'Queries', {
      folder: name,
      logs: {
        requests: endpoints.map(({ logGroup }) => logGroup),
        all: logs,
        access: [api.accessLog],
      },
    })
    this.topic = this.alarms.topic
  }
}
