import { Duration } from 'aws-cdk-lib'
import {
  type IMetric,
  MathExpression,
  Metric,
  type MetricOptions,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { metricNames as names } from '../../functions/metric-names.ts'
import type { ErrorCode } from '../../lib/errors.ts'
import type { RegistrationApi } from '../api/registration-api.ts'
import type { AnyClientTable } from '../client-table.ts'

/** The resources that are monitored. */
export type MonitoredResources = {
  /** Value of the `stage` dimension of the service's metrics. */
  readonly stage: string
  readonly api: RegistrationApi
  /** At most ten, as many as an alarm can read. */
  readonly lambdas: readonly IFunction[]
  /** The Lambdas that repeat what they could not do; at most ten. */
  readonly background: readonly IFunction[]
  readonly table: AnyClientTable
  readonly events: EventMetrics
  /** Whether clean-up makes clients stale, which needs reports of use. */
  readonly cleansUp: boolean
  /** Whether clients are pushed to other servers. */
  readonly pushesClients: boolean
  /** Whether clients are pushed to a user pool of Cognito. */
  readonly fillsUserPool: boolean
}

export type EventMetrics = {
  /** Age of the last record read, in milliseconds. */
  readonly lag: IMetric
  /** Messages in the dead-letter queue. */
  readonly deadLetters: IMetric
  /** Batches of stream records read. */
  readonly invocations: IMetric
}

/** A metric that the Lambdas emit, for the whole stage. Default statistic: sum. */
export function serviceMetric(name: string, stage: string, options: MetricOptions = {}): Metric {
  const { dimensionsMap, ...others } = options
  return new Metric({
    namespace: names.namespace,
    metricName: name,
    dimensionsMap: { service: names.service, stage, ...dimensionsMap },
    statistic: Stats.SUM,
    ...others,
  })
}

/** Rejected requests with one error code. */
export const rejections = (code: ErrorCode, stage: string): Metric =>
  serviceMetric(names.rejections, stage, { dimensionsMap: { code }, label: code })

/** The sum of several metrics as a single line. */
export const sum = (label: string, metrics: readonly IMetric[]): MathExpression => {
  const named = metrics.map((metric, index) => [`${initialsOf(label)}${index}`, metric] as const)
  return new MathExpression({
    expression: `SUM([${named.map(([name]) => name).join(',')}])`,
    usingMetrics: Object.fromEntries(named),
    label,
  })
}

/** All sums in a graph share one namespace of ids, so each needs its own prefix. */
const initialsOf = (label: string) => label.toLowerCase().replace(/[^a-z]/g, '')

/** The operations that the stores use. DynamoDB reports these metrics per operation. */
const operations = [
  'GetItem',
  'BatchGetItem',
  'Query',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'TransactWriteItems',
]

const ofTable = (name: string, label: string, { table }: MonitoredResources) =>
  sum(
    label,
    operations.map((Operation) =>
      table.metric(name, {
        dimensionsMap: { TableName: table.tableName, Operation },
        statistic: Stats.SUM,
      }),
    ),
  )

/** Requests throttled by the table or one of its indexes. */
export const throttledByTable = (monitored: MonitoredResources) =>
  ofTable('ThrottledRequests', 'throttled', monitored)

/** Requests that DynamoDB failed with a system error. */
export const failedByTable = (monitored: MonitoredResources) =>
  ofTable('SystemErrors', 'system errors', monitored)

/**
 * Invocations that crashed or timed out. The Lambda handles all other faults and returns a
 * response.
 */
export const lambdaErrors = ({ lambdas }: MonitoredResources) =>
  sum(
    'errors',
    lambdas.map((lambda) => lambda.metricErrors()),
  )

/** The same of the Lambdas that repeat what they could not do: each attempt counts. */
export const backgroundErrors = ({ background }: MonitoredResources) =>
  sum(
    'errors',
    background.map((lambda) => lambda.metricErrors()),
  )

/** Invocations that Lambda throttled. */
export const lambdaThrottles = ({ lambdas }: MonitoredResources) =>
  sum(
    'throttles',
    lambdas.map((lambda) => lambda.metricThrottles()),
  )

/**
 * Requests that API Gateway rejected itself: the 429s in its access log, or all of its 4xx minus
 * those that a Lambda counted, whichever is higher. AWS guarantees neither the log line nor the
 * count for a throttled request.
 */
export const rejectedByApi = ({ api, stage }: MonitoredResources) =>
  new MathExpression({
    expression: 'MAX([FILL(logged, 0), FILL(answered, 0) - FILL(rejected, 0)])',
    usingMetrics: {
      logged: api.throttledRequests(),
      answered: api.metric('4xx', { statistic: Stats.SUM }),
      rejected: serviceMetric(names.rejections, stage),
    },
  })

/** Rejected bearer tokens, and requests without one. */
export const authorizationFailures = ({ stage }: MonitoredResources) =>
  sum(
    'authorization failures',
    (['invalid_token', 'missing_token', 'insufficient_scope'] as const).map((code) =>
      rejections(code, stage),
    ),
  )

/**
 * 1 when the service recorded a change that needs an event but the stream reader was not invoked.
 * Missing data counts as 0.
 */
export const eventsStopped = ({ stage, events }: MonitoredResources) =>
  new MathExpression({
    expression: 'IF(FILL(registered, 0) + FILL(issued, 0) > 0 AND FILL(read, 0) == 0, 1, 0)',
    usingMetrics: {
      registered: serviceMetric(names.registrations, stage),
      issued: serviceMetric(names.tokensIssued, stage),
      read: events.invocations,
    },
    // A write at the end of one period is read in the next. A longer period reduces these false
    // positives.
    period: Duration.minutes(15),
  })
