import type { CleanUpResult } from '../lib/clean-up/clean-up.ts'
import type { ErrorCode } from '../lib/errors.ts'
import type { Drift } from './connectors/reconcile.ts'
import { log } from './log.ts'
import { metricNames as names } from './metric-names.ts'
import type { RequestContext } from './request-context.ts'

type Metric = {
  readonly name: string
  readonly unit: 'Count' | 'Milliseconds' | 'Percent'
  readonly value: number
}

/**
 * CloudWatch bills each combination of a metric and its dimensions. That is why there are only
 * these, plus `code` for `Rejections` alone.
 */
const dimensions = { service: names.service, stage: process.env.STAGE ?? 'none' }

/** Dimensions and metrics, as the embedded metric format declares them. */
const declared = (dimensions: readonly string[], metrics: readonly Metric[]) => ({
  Namespace: names.namespace,
  Dimensions: [dimensions],
  Metrics: metrics.map(({ name, unit }) => ({ Name: name, Unit: unit })),
})

/**
 * Metrics as members of a log line, in CloudWatch's embedded metric format; undefined without a
 * metric. With a code, the rejections are published both with and without it.
 */
function embed(metrics: readonly Metric[], code?: ErrorCode): object | undefined {
  if (metrics.length === 0) return undefined
  const shared = Object.keys(dimensions)
  const rejections = metrics.filter(({ name }) => name === names.rejections)
  const byCode = code === undefined ? [] : [declared([...shared, 'code'], rejections)]
  return {
    _aws: { Timestamp: Date.now(), CloudWatchMetrics: [declared(shared, metrics), ...byCode] },
    ...dimensions,
    ...(code !== undefined && { code }),
    ...Object.fromEntries(metrics.map(({ name, value }) => [name, value])),
  }
}

function record(metrics: readonly Metric[]): void {
  const embedded = embed(metrics)
  if (embedded !== undefined) log.metrics(embedded)
}

const counted = (name: string, value: number): Metric => ({ name, unit: 'Count', value })

/** The result of a request after its response has been created. */
export type CompletedRequest = Pick<RequestContext, 'operation' | 'annotations' | 'dynamodb'> & {
  readonly outcome: 'ok' | 'rejected' | 'fault'
  readonly code?: ErrorCode
}

/** The metrics of one request, if any, as members of its log line. */
export function requestMetrics({
  operation,
  annotations,
  dynamodb,
  outcome,
  code,
}: CompletedRequest): object | undefined {
  const isPoll = operation === 'registration.poll' && annotations.client_id !== undefined
  const { deferred, repeated, dry_run, decision } = annotations
  const isRegistration = isPoll || (operation === 'register' && !deferred && !repeated && !dry_run)
  const isRejected = outcome === 'rejected' && code !== undefined
  const happened: readonly (readonly [name: string, boolean | undefined])[] = [
    [names.registrations, isRegistration && outcome === 'ok'],
    [names.tokensIssued, operation === 'initial_access_token.create' && outcome === 'ok'],
    [names.tokensConsumed, annotations.consumed],
    [names.pendingRegistrations, annotations.pending ?? deferred],
    [names.approvedRegistrations, decision === 'approved'],
    [names.rejectedRegistrations, decision === 'rejected'],
    [names.rotations, annotations.rotated],
    [names.rotationConflicts, annotations.conflict],
    [names.faults, outcome === 'fault'],
    [names.rejections, isRejected],
  ]
  const metrics = happened.filter(([, is]) => is).map(([name]) => counted(name, 1))
  const revived = annotations.uses_revived ?? (annotations.revived ? 1 : undefined)
  if (revived !== undefined) metrics.push(counted(names.clientsRevived, revived))
  if (dynamodb.roundTrips > 0)
    metrics.push({ name: names.dynamodbTime, unit: 'Milliseconds', value: dynamodb.milliseconds })
  return embed(metrics, isRejected ? code : undefined)
}

/** Writes the metrics of one night of clean-up. */
export const recordCleanUp = (result: CleanUpResult): void =>
  record([
    counted(names.clientsMadeStale, result.stale),
    counted(names.clientsCleanedUp, result.deleted),
    counted(names.clientsDue, result.due),
    counted(names.useReportsMissing, result.reports_missing ? 1 : 0),
  ])

/** Writes the metric of one night's comparison with one server. */
export const recordDrift = ({ missing, different, unknown, failed }: Drift): void =>
  record([counted(names.clientDrift, missing + different + unknown + failed)])

/** Writes the metric of the app clients of a user pool, in percent of its quota. */
export const recordPoolUsage = (percent: number): void =>
  record([{ name: names.userPoolUsage, unit: 'Percent', value: percent }])
