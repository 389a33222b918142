import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import type { ErrorCode } from '../lib/errors.ts'
import { metricNames as names } from './metric-names.ts'
import type { RequestContext } from './request-context.ts'

/** Each pair of a metric and its dimensions is billed: so there is no dimension but these, and `code` for refusals. */
const metrics = new Metrics({
  namespace: names.namespace,
  serviceName: names.service,
  defaultDimensions: { stage: process.env.STAGE ?? 'none' },
})

/** A request that has been answered. */
export type CompletedRequest = Pick<RequestContext, 'operation' | 'annotations' | 'dynamodb'> & {
  readonly outcome: 'ok' | 'refused' | 'fault'
  readonly code?: ErrorCode
}

/** Writes the metrics of one request as one line of the embedded metric format, and nothing where it has none. */
export function recordMetrics({
  operation,
  annotations,
  dynamodb,
  outcome,
  code,
}: CompletedRequest): void {
  const count = (name: string, happened: boolean | undefined) =>
    happened && metrics.addMetric(name, MetricUnit.Count, 1)

  count(names.registrations, operation === 'register' && outcome === 'ok')
  count(names.tokensIssued, operation === 'initial_access_token.create' && outcome === 'ok')
  count(names.tokensConsumed, annotations.consumed)
  count(names.rotations, annotations.rotated)
  count(names.rotationConflicts, annotations.conflict)
  count(names.faults, outcome === 'fault')
  if (dynamodb.roundTrips > 0)
    metrics.addMetric(names.dynamodbTime, MetricUnit.Milliseconds, dynamodb.milliseconds)
  if (outcome === 'refused' && code !== undefined) {
    count(names.refusals, true)
    // The first set, of no dimension beside the standing ones, is the sum of all codes.
    metrics.addDimensions({}).addDimensions({ code })
  }
  // The library would write a warning where there is nothing to publish, as after each discovery.
  if (!metrics.hasStoredMetrics()) return
  metrics.addMetadata('operation', operation)
  metrics.publishStoredMetrics()
}
