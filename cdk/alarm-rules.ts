import { type IMetric, Stats } from 'aws-cdk-lib/aws-cloudwatch'
import {
  authorizationFailures,
  eventsStopped,
  failedByTable,
  lambdaErrors,
  lambdaThrottles,
  throttledByTable,
  type Watched,
} from './metrics.ts'

/** From which value on an alarm goes off; milliseconds, or a count in five minutes. */
export const thresholds = {
  latency: 2_000,
  authorizationFailures: 50,
  turnedAway: 50,
  lag: 60_000,
} as const

/** When an alarm goes off. */
export type Rule = {
  readonly id: string
  readonly metric: IMetric
  readonly from: number
  /** In how many periods, of five minutes unless the metric has others; one unless said. */
  readonly periods?: number
  /** Out of how many; in a row unless said. */
  readonly of?: number
  /** What to do when it goes off. */
  readonly description: string
}

/** Every alarm; each is billed by the metrics that it reads. */
export function rules(watched: Watched): readonly Rule[] {
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
      id: 'LastingServerErrors',
      metric: api.metric('5xx', { statistic: Stats.SUM }),
      from: 1,
      periods: 3,
      of: 6,
      description:
        'Requests went on failing for half an hour, however few they are: on a quiet stage perhaps all of them. Do as for ServerErrors.',
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
        'A Lambda crashed or ran out of time, and no answer of ours was sent. The dashboard shows which one, the last faults say why: settings that do not hold and missing secrets stop it at its start.',
    },
    {
      id: 'LambdaThrottles',
      metric: lambdaThrottles(watched),
      from: 1,
      description:
        "Lambda turns requests away. Compare concurrent executions with the account's quota and the reserved concurrency; raise it, or lower the setting throttle.",
    },
    {
      id: 'ApiThrottles',
      metric: api.turnedAway(),
      from: thresholds.turnedAway,
      description:
        'API Gateway turns requests away (429) before they reach a Lambda. Run the query "refusals by address": one address asks too often, or the setting throttle is too low for the traffic.',
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
        'Many bearers are refused (401, 403). Run the query "failures by error", and "refusals by address": somebody guesses, a token has leaked and was used up, or a client lost its token and needs a new one.',
    },
    {
      id: 'EventLag',
      metric: events.lag,
      from: thresholds.lag,
      periods: 2,
      description:
        'Change events are a minute or more behind the table. Read the log of publish-events: what can pass, such as EventBridge out of reach or a missing right, is tried again and holds up those behind it.',
    },
    {
      id: 'EventsStopped',
      metric: eventsStopped(watched),
      from: 1,
      periods: 2,
      of: 16,
      description:
        "Clients were registered or tokens issued, and nobody read the table's stream: its event source mapping is disabled, or reads the stream of another table. Enable it, or make it anew, within 24 hours of the writes.",
    },
    {
      id: 'DeadLetters',
      metric: events.deadLetters,
      from: 1,
      description:
        'Change events were given up. Repair what the log of publish-events says, then publish again what the dead-letter queue points to, by cdk/replay-events.ts; stream records are gone after 24 hours.',
    },
  ]
}
