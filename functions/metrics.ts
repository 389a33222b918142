import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import type { CleanUpResult } from '../lib/clean-up/clean-up.ts'
import type { ErrorCode } from '../lib/errors.ts'
import type { Drift } from './connectors/reconcile.ts'
import { metricNames as names } from './metric-names.ts'
import type { RequestContext } from './request-context.ts'

/**
 * CloudWatch bills each combination of a metric and its dimensions. That is why there are only
 * these default dimensions, plus `code` for `Rejections`.
 */
const metrics = new Metrics({
  namespace: names.namespace,
  serviceName: names.service,
  defaultDimensions: { stage: process.env.STAGE ?? 'none' },
})

/** The result of a request after its response has been created. */
export type CompletedRequest = Pick<RequestContext, 'operation' | 'annotations' | 'dynamodb'> & {
  readonly outcome: 'ok' | 'rejected' | 'fault'
  readonly code?: ErrorCode
}

/**
 * Writes the metrics of one request, if any, as one line of the CloudWatch embedded metric format.
 */
export function recordMetrics({
  operation,
  annotations,
  dynamodb,
  outcome,
  code,
}: CompletedRequest): void {
  const count = (name: string, happened: boolean | undefined) =>
    happened && metrics.addMetric(name, MetricUnit.Count, 1)

  const isPoll = operation === 'registration.poll' && annotations.client_id !== undefined
  const { deferred, repeated, dry_run } = annotations
  const isRegistration = isPoll || (operation === 'register' && !deferred && !repeated && !dry_run)
  count(names.registrations, isRegistration && outcome === 'ok')
  count(names.tokensIssued, operation === 'initial_access_token.create' && outcome === 'ok')
  count(names.tokensConsumed, annotations.consumed)
  count(names.pendingRegistrations, annotations.pending ?? annotations.deferred)
  count(names.approvedRegistrations, annotations.decision === 'approved')
  count(names.rejectedRegistrations, annotations.decision === 'rejected')
  count(names.rotations, annotations.rotated)
  count(names.rotationConflicts, annotations.conflict)
  count(names.clientsRevived, annotations.revived)
  if (annotations.uses_revived !== undefined)
    metrics.addMetric(names.clientsRevived, MetricUnit.Count, annotations.uses_revived)
  count(names.faults, outcome === 'fault')
  if (dynamodb.roundTrips > 0)
    metrics.addMetric(names.dynamodbTime, MetricUnit.Milliseconds, dynamodb.milliseconds)
  if (outcome === 'rejected' && code !== undefined) {
    count(names.rejections, true)
    // The empty set publishes the metric with the default dimensions only: the total of all codes.
    metrics.addDimensions({}).addDimensions({ code })
  }
  // The library logs a warning if there is no metric to publish, as after a discovery request.
  if (!metrics.hasStoredMetrics()) return
  metrics.addMetadata('operation', operation)
  metrics.publishStoredMetrics()
}

/** Writes the metrics of one night of clean-up. */
export function recordCleanUp(result: CleanUpResult): void {
  metrics.addMetric(names.clientsMadeStale, MetricUnit.Count, result.stale)
  metrics.addMetric(names.clientsCleanedUp, MetricUnit.Count, result.deleted)
  metrics.addMetric(names.clientsDue, MetricUnit.Count, result.due)
  metrics.addMetric(names.useReportsMissing, MetricUnit.Count, result.reports_missing ? 1 : 0)
  metrics.publishStoredMetrics()
}

/** Writes the metric of one night's comparison with one server. */
export function recordDrift({ missing, different, unknown, failed }: Drift): void {
  metrics.addMetric(names.clientDrift, MetricUnit.Count, missing + different + unknown + failed)
  metrics.publishStoredMetrics()
}

/** Writes the metric of the app clients of a user pool, in percent of its quota. */
export function recordPoolUsage(percent: number): void {
  metrics.addMetric(names.userPoolUsage, MetricUnit.Percent, percent)
  metrics.publishStoredMetrics()
}
