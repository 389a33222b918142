import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import { AlarmTopic } from './alarm-topic.ts'
import {
  authorizationFailures,
  failedByTable,
  lambdaErrors,
  lambdaThrottles,
  throttledByTable,
  type Watched,
} from './metrics.ts'

/** From which value on an alarm goes off; milliseconds, or a count in five minutes. */
export const thresholds = { latency: 2_000, authorizationFailures: 50, lag: 60_000 } as const

type Rule = {
  readonly id: string
  readonly metric: IMetric
  readonly from: number
  /** Periods of five minutes in a row; one unless said. */
  readonly periods?: number
  /** What to do when it goes off. */
  readonly description: string
}

/** The alarms of a stage, all told to one topic. */
export class Alarms extends Construct {
  readonly topic: ITopic
  readonly all: readonly Alarm[]

  constructor(scope: Construct, id: string, watched: Watched, encryptionKey: IKey | undefined) {
    super(scope, id)
    this.topic = new AlarmTopic(this, 'Topic', encryptionKey)
    const action = new SnsAction(this.topic)
    this.all = rules(watched).map(({ id, metric, from, periods = 1, description }) => {
      const alarm = new Alarm(this, id, {
        // What a person reads in the message that wakes them.
        alarmName: `${watched.stage}-${id}`,
        metric,
        threshold: from,
        evaluationPeriods: periods,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        // No data is no traffic, or nothing that went wrong: whoever sleeps then may sleep on.
        treatMissingData: TreatMissingData.NOT_BREACHING,
        alarmDescription: description,
      })
      alarm.addAlarmAction(action)
      alarm.addOkAction(action)
      return alarm
    })
  }
}

function rules(watched: Watched): readonly Rule[] {
  const { api, events } = watched
  return [
    {
      id: 'ServerErrors',
      metric: api.metric('5xx', { statistic: Stats.SUM }),
      from: 5,
      description:
        'Requests fail by a fault of ours. Run the query "failures by error", open the faults on the dashboard; after a deployment, deploy the version before.',
    },
    {
      id: 'Latency',
      metric: api.metric('Latency', { statistic: Stats.p(99) }),
      from: thresholds.latency,
      periods: 3,
      description:
        'One request in a hundred takes two seconds or more. Run the query "slowest requests": is it DynamoDB, a cold start, a policy, or a document that a client names?',
    },
    {
      id: 'LambdaErrors',
      metric: lambdaErrors(watched),
      from: 1,
      description:
        'A Lambda crashed or ran out of time, and no answer of ours was sent. Read the end of its log: settings that do not hold and missing secrets stop it at its start.',
    },
    {
      id: 'LambdaThrottles',
      metric: lambdaThrottles(watched),
      from: 1,
      description:
        "Lambda turns requests away. Compare concurrent executions with the account's quota and the reserved concurrency; raise it, or lower the setting throttle.",
    },
    {
      id: 'TableThrottles',
      metric: throttledByTable(watched),
      from: 5,
      description:
        'DynamoDB throttles the table or an index. Find the owner or the client that causes it (queries "registrations by owner", "slowest requests"); lower the setting throttle, or warm the table up.',
    },
    {
      id: 'TableErrors',
      metric: failedByTable(watched),
      from: 5,
      description:
        'DynamoDB itself fails; the SDK tries again, then clients get a 503. Look at the AWS Health Dashboard; there is nothing to repair here, and a rotation that lost its answer is safe.',
    },
    {
      id: 'AuthorizationFailures',
      metric: authorizationFailures(watched),
      from: thresholds.authorizationFailures,
      description:
        'Many bearers are refused (401, 403). Run the query "failures by error", compare with the access log\'s addresses: somebody guesses, a token has leaked and was used up, or a client lost its token and needs a new one.',
    },
    {
      id: 'EventLag',
      metric: events.lag,
      from: thresholds.lag,
      periods: 2,
      description:
        'Change events are a minute or more behind the table. Read the log of publish-events; a record that fails is tried again until it is given up, and holds up those behind it.',
    },
    {
      id: 'DeadLetters',
      metric: events.deadLetters,
      from: 1,
      description:
        'Change events were given up. Repair what the log of publish-events says, then publish again what the dead-letter queue points to; stream records are gone after 24 hours.',
    },
  ]
}
