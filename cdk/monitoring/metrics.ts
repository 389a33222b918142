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

/** What is watched. */
export type MonitoredResources = {
  /** What the Lambdas' own metrics are told apart by. */
  readonly stage: string
  readonly api: RegistrationApi
  readonly lambdas: readonly IFunction[]
  readonly table: AnyClientTable
  readonly events: EventMetrics
}

export type EventMetrics = {
  /** Milliseconds by which the last record read is behind the table. */
  readonly lag: IMetric
  /** Records that were given up and wait in the dead-letter queue. */
  readonly deadLetters: IMetric
  /** Batches of records that were read. */
  readonly invocations: IMetric
}

/** A metric of the Lambdas' own, of the whole stage. */
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

/** Refusals with one code. */
export const rejections = (code: ErrorCode, stage: string): Metric =>
  serviceMetric(names.refusals, stage, { dimensionsMap: { code }, label: code })

/** The sum of several metrics, as one line; nothing is shown of its parts. */
export const sum = (label: string, metrics: readonly IMetric[]): MathExpression => {
  const named = metrics.map((metric, index) => [`${initialsOf(label)}${index}`, metric] as const)
  return new MathExpression({
    expression: `SUM([${named.map(([name]) => name).join(',')}])`,
    usingMetrics: Object.fromEntries(named),
    label,
  })
}

/** Parts of all sums of a graph share one space of names. */
const initialsOf = (label: string) => label.toLowerCase().replace(/[^a-z]/g, '')

/** What DynamoDB counts by operation: all that the stores use. */
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

/** Requests in which the table, or an index of it, was throttled. */
export const throttledByTable = (monitored: MonitoredResources) =>
  ofTable('ThrottledRequests', 'throttled', monitored)

/** Requests that DynamoDB failed. */
export const failedByTable = (monitored: MonitoredResources) =>
  ofTable('SystemErrors', 'system errors', monitored)

/** Invocations that crashed or ran out of time: all other faults are answered. */
export const lambdaErrors = ({ lambdas }: MonitoredResources) =>
  sum(
    'errors',
    lambdas.map((lambda) => lambda.metricErrors()),
  )

/** Invocations that Lambda turned away. */
export const lambdaThrottles = ({ lambdas }: MonitoredResources) =>
  sum(
    'throttles',
    lambdas.map((lambda) => lambda.metricThrottles()),
  )

/**
 * Requests that API Gateway refused by itself: those of its log with 429, or all of its 4xx that no Lambda has counted,
 * whichever is more. AWS promises neither that it logs what it throttles, nor that it counts it.
 */
export const refusedByApi = ({ api, stage }: MonitoredResources) =>
  new MathExpression({
    expression: 'MAX([FILL(logged, 0), FILL(answered, 0) - FILL(refused, 0)])',
    usingMetrics: {
      logged: api.throttledRequests(),
      answered: api.metric('4xx', { statistic: Stats.SUM }),
      refused: serviceMetric(names.refusals, stage),
    },
  })

/** Bearers that were refused, and requests without one. */
export const authorizationFailures = ({ stage }: MonitoredResources) =>
  sum(
    'authorization failures',
    (['invalid_token', 'missing_token', 'insufficient_scope'] as const).map((code) =>
      rejections(code, stage),
    ),
  )

/** 1 where something was written that is told as an event, and nothing was read; no data counts as nothing. */
export const eventsStopped = ({ stage, events }: MonitoredResources) =>
  new MathExpression({
    expression: 'IF(FILL(registered, 0) + FILL(issued, 0) > 0 AND FILL(read, 0) == 0, 1, 0)',
    usingMetrics: {
      registered: serviceMetric(names.registrations, stage),
      issued: serviceMetric(names.tokensIssued, stage),
      read: events.invocations,
    },
    // What is written last in one period is read in the next: the longer a period, the fewer of them look stopped.
    period: Duration.minutes(15),
  })
