import { Duration } from 'aws-cdk-lib'
import { type IMetric, Stats } from 'aws-cdk-lib/aws-cloudwatch'
import { metricNames as names } from '../../functions/metric-names.ts'
import type { StageSettings } from '../settings/settings.ts'
import {
  authorizationFailures,
  backgroundErrors,
  eventsStopped,
  failedByTable,
  lambdaErrors,
  lambdaThrottles,
  type MonitoredResources,
  rejectedByApi,
  serviceMetric,
  throttledByTable,
} from './metrics.ts'

/** Condition of one alarm. */
export type AlarmRule = {
  readonly id: string
  readonly metric: IMetric
  /** Alarms at or above this value: milliseconds, or a count per period. */
  readonly threshold: number
  /**
   * Number of breaching periods (CloudWatch: datapoints to alarm). Default: 1. A period is five
   * minutes unless the metric sets another.
   */
  readonly periods?: number
  /** Number of periods evaluated. Default: `periods`, so that the breaches are consecutive. */
  readonly evaluationPeriods?: number
  /** Runbook text: what to do when the alarm fires. */
  readonly description: string
}

/** All alarms that the settings enable. AWS bills each alarm by the number of metrics it reads. */
export function rules(
  monitored: MonitoredResources,
  settings: StageSettings['alarms'],
): readonly AlarmRule[] {
  const { api, events, stage, cleansUp, pushesClients, fillsUserPool, background } = monitored
  const all: readonly (Omit<AlarmRule, 'threshold'> & { readonly threshold: number | boolean })[] =
    [
      {
        id: 'ServerErrors',
        metric: api.metric('5xx', { statistic: Stats.SUM }),
        threshold: settings.serverErrors,
        description:
          'Requests fail with an internal server error (5xx). Run the query "failures by error", open the faults on the dashboard; after a deployment, deploy the version before.',
      },
      {
        id: 'SustainedServerErrors',
        metric: api.metric('5xx', { statistic: Stats.SUM }),
        threshold: settings.sustainedServerErrors,
        periods: 3,
        evaluationPeriods: 6,
        description:
          'Requests went on failing for half an hour, however few they are: on a quiet stage perhaps all of them. Do as for ServerErrors.',
      },
      {
        id: 'Latency',
        metric: api.metric('Latency', { statistic: Stats.p(99) }),
        threshold: settings.latencyMs,
        periods: 3,
        description:
          'One request in a hundred takes this long, or longer. Run the query "slowest requests": is it DynamoDB, a cold start, a policy, or a document that a client names?',
      },
      {
        id: 'LambdaErrors',
        metric: lambdaErrors(monitored),
        threshold: settings.lambdaErrors,
        description:
          'A Lambda crashed or ran out of time, and no answer of ours was sent. The dashboard shows which one, the last faults say why: settings that do not hold and missing secrets stop it at its start.',
      },
      {
        id: 'BackgroundErrors',
        metric: backgroundErrors(monitored),
        threshold: background.length > 0 && settings.lambdaErrors,
        description:
          'A Lambda of the setting cleanUp, useEventSource or connectors failed. Lambda tries it again twice, and the next night continues. The dashboard shows which one, its log says why.',
      },
      {
        id: 'LambdaThrottles',
        metric: lambdaThrottles(monitored),
        threshold: settings.lambdaThrottles,
        description:
          "Lambda throttles invocations. Compare concurrent executions with the account's quota and the reserved concurrency; raise it, or lower the setting throttle.",
      },
      {
        id: 'ApiThrottles',
        metric: rejectedByApi(monitored),
        threshold: settings.apiThrottles,
        description:
          'API Gateway rejects requests by itself before they reach a Lambda: beyond the setting throttle (429), too large (413), or past the firewall (401, 403). Run the query "rejections by address": one address asks too often, or the setting throttle is too low for the traffic.',
      },
      {
        id: 'TableThrottles',
        metric: throttledByTable(monitored),
        threshold: settings.tableThrottles,
        description:
          'DynamoDB throttles the table or an index. Find the owner or the client that causes it (queries "registrations by owner", "slowest requests"); lower the setting throttle, or warm the table up.',
      },
      {
        id: 'TableErrors',
        metric: failedByTable(monitored),
        threshold: settings.tableErrors,
        description:
          'DynamoDB itself fails; the SDK tries again, then clients get a 503. Look at the AWS Health Dashboard; there is nothing to repair here, and a rotation that lost its answer is safe.',
      },
      {
        id: 'AuthorizationFailures',
        metric: authorizationFailures(monitored),
        threshold: settings.authorizationFailures,
        description:
          'Many bearers are rejected (401, 403). Run the query "failures by error", and "rejections by address": somebody guesses, a token has leaked and was used up, or a client lost its token and needs a new one.',
      },
      {
        id: 'RotationConflicts',
        metric: serviceMetric(names.rotationConflicts, stage),
        threshold: settings.rotationConflicts,
        description:
          'A registration access token came again after it was replaced: its client lost an answer, or two hold the token and one of them stole it. Run the query "one client\'s history" for each client whose line says conflict; where nobody can explain it, disable the client and reissue its token.',
      },
      {
        id: 'EventLag',
        metric: events.lag,
        threshold: settings.eventLag && settings.eventLag * 1000,
        periods: 2,
        description:
          'Change events are a minute or more behind the table. Read the log of publish-events. Retryable failures (EventBridge down or throttling, a missing permission) are retried and delay later events.',
      },
      {
        id: 'EventsStopped',
        metric: eventsStopped(monitored),
        threshold: settings.eventsStopped,
        periods: 2,
        evaluationPeriods: 16,
        description:
          "Clients were registered or tokens issued, and nobody read the table's stream: its event source mapping is disabled, or reads the stream of another table. Enable it, or recreate it, within 24 hours of the writes.",
      },
      {
        id: 'UseReportsMissing',
        metric: serviceMetric(names.useReportsMissing, stage, { period: Duration.days(1) }),
        threshold: cleansUp && settings.useReportsMissing,
        description:
          'No authorization server reported a use of a client for two days, so clean-up makes no client stale and deletes none. Repair the reports of use; on a stage that nobody uses, send an empty report each day.',
      },
      {
        id: 'ClientDrift',
        metric: serviceMetric(names.clientDrift, stage, { period: Duration.days(1) }),
        threshold: pushesClients && settings.clientDrift,
        description:
          'A night found clients that differ at a server of the setting connectors, or could not push them. What it pushed is repaired; read the log of push-clients for why the events did not, and look at who changes clients at the server by hand.',
      },
      {
        id: 'UserPoolUsage',
        metric: serviceMetric(names.userPoolUsage, stage, { statistic: Stats.MAXIMUM }),
        threshold: fillsUserPool && settings.userPoolUsage,
        description:
          'The user pool of Cognito has nearly as many app clients as its quota. From 90 percent, registrations are rejected by 503. Delete clients that nobody uses, or request a higher quota and set maxClients.',
      },
      {
        id: 'DeadLetters',
        metric: events.deadLetters,
        threshold: settings.deadLetters,
        description:
          'Change events were sent to the dead-letter queue. Repair what the log of publish-events says, then run `client-registration republish`; stream records are gone after 24 hours.',
      },
    ]
  return all.flatMap((rule) =>
    rule.threshold === false ? [] : [{ ...rule, threshold: Number(rule.threshold) }],
  )
}
