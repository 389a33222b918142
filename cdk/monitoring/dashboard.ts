import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  LogQueryVisualizationType,
  LogQueryWidget,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch'
import type { ILogGroup } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import { metricNames as names } from '../../functions/metric-names.ts'
import { clientErrorCodes } from '../../lib/errors.ts'
import {
  failedByTable,
  lambdaThrottles,
  type MonitoredResources,
  rejections,
  serviceMetric,
  throttledByTable,
} from './metrics.ts'
import { faults } from './queries.ts'

export type DashboardProps = {
  readonly monitored: MonitoredResources
  /** Threshold of the latency alarm in milliseconds; false when the alarm is off. */
  readonly latencyMs: number | false
  readonly alarms: readonly Alarm[]
  readonly logs: readonly ILogGroup[]
}

const color = {
  good: '#2ca02c',
  bad: '#d62728',
  odd: '#ff7f0e',
  plain: '#1f77b4',
  side: '#9467bd',
  dark: '#16191f',
}

/**
 * Dashboard, top to bottom: alarms, requests, dependencies, business metrics, individual faults.
 */
export class Dashboard extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { monitored, latencyMs, alarms, logs }: DashboardProps,
  ) {
    super(scope, id)
    const dashboard = new CloudWatchDashboard(this, 'Dashboard', {
      dashboardName: monitored.stage,
      start: '-P1D',
    })
    if (alarms.length > 0)
      dashboard.addWidgets(
        new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 24, height: 4 }),
      )
    dashboard.addWidgets(...requests(monitored, alarms.length > 0 && latencyMs))
    dashboard.addWidgets(...dependencies(monitored))
    dashboard.addWidgets(...business(monitored))
    dashboard.addWidgets(
      new LogQueryWidget({
        title: 'Last faults and warnings',
        logGroupNames: logs.map(({ logGroupName }) => logGroupName),
        queryLines: faults,
        view: LogQueryVisualizationType.TABLE,
        width: 24,
        height: 6,
      }),
    )
  }
}

const requests = ({ api, stage }: MonitoredResources, latencyMs: number | false): IWidget[] => [
  graph('Requests and outcomes', [
    api.metric('Count', { statistic: Stats.SUM, label: 'all', color: color.plain }),
    api.metric('4xx', { statistic: Stats.SUM, label: 'rejected (4xx)', color: color.odd }),
    api.throttledRequests({ label: 'throttled (429)', color: color.side }),
    api.metric('5xx', { statistic: Stats.SUM, label: 'fault (5xx)', color: color.bad }),
  ]),
  new GraphWidget({
    ...size,
    title: 'Rejections by code',
    stacked: true,
    left: clientErrorCodes.map((code) => rejections(code, stage)),
    leftYAxis: { min: 0, showUnits: false },
  }),
  new GraphWidget({
    ...size,
    title: 'Latency (ms)',
    left: [
      api.metric('Latency', { ...median, color: color.good }),
      api.metric('Latency', { ...worst, color: color.odd }),
    ],
    ...(latencyMs !== false && {
      leftAnnotations: [{ value: latencyMs, label: 'alarm', color: color.bad }],
    }),
    leftYAxis: { min: 0, showUnits: false },
  }),
]

const dependencies = (monitored: MonitoredResources): IWidget[] => [
  graph('Errors of each Lambda, throttles of all', [
    ...[...monitored.lambdas, ...monitored.background].map((lambda) =>
      lambda.metricErrors({ label: lambda.node.id }),
    ),
    lambdaThrottles(monitored).with({ color: color.dark }),
  ]),
  graph('DynamoDB time per request (ms)', [
    serviceMetric(names.dynamodbTime, monitored.stage, { ...median, color: color.good }),
    serviceMetric(names.dynamodbTime, monitored.stage, { ...worst, color: color.odd }),
  ]),
  graph('DynamoDB throttles and errors', [
    throttledByTable(monitored).with({ color: color.odd }),
    failedByTable(monitored).with({ color: color.bad }),
  ]),
]

const business = ({ stage, events }: MonitoredResources): IWidget[] => [
  graph('Registrations and initial access tokens', [
    serviceMetric(names.registrations, stage, { label: 'clients registered', color: color.good }),
    serviceMetric(names.tokensIssued, stage, { label: 'tokens issued', color: color.plain }),
    serviceMetric(names.tokensConsumed, stage, { label: 'tokens consumed', color: color.side }),
  ]),
  graph('Registration access tokens', [
    serviceMetric(names.rotations, stage, { label: 'rotations', color: color.plain }),
    serviceMetric(names.rotationConflicts, stage, { label: 'conflicts', color: color.odd }),
  ]),
  new GraphWidget({
    ...size,
    title: 'Change events',
    left: [events.lag],
    right: [events.deadLetters],
    leftYAxis: { min: 0, showUnits: false },
    rightYAxis: { min: 0, showUnits: false },
  }),
]

const median = { statistic: Stats.p(50), label: 'p50' }
const worst = { statistic: Stats.p(99), label: 'p99' }

const size = { width: 8, height: 6 }

const graph = (title: string, left: IMetric[]) =>
  new GraphWidget({ ...size, title, left, leftYAxis: { min: 0, showUnits: false } })
