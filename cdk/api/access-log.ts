import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway'
import { Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { FilterPattern, LogGroup } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import { metricNames as names } from '../../functions/metric-names.ts'
import { logGroupOptions } from '../log-group-options.ts'
import type { StageSettings } from '../settings/settings.ts'

export type AccessLogProps = {
  /** Name of the service. */
  readonly name: string
  readonly log: StageSettings['log']
  /** KMS key of the log group. Default: AWS's own encryption. */
  readonly encryptionKey?: IKey | undefined
}

/** API Gateway access log: one line per request, including those that never reach a Lambda. */
export class AccessLog extends LogGroup {
  readonly format = AccessLogFormat.custom(JSON.stringify(members))

  constructor(scope: Construct, id: string, { name, log, encryptionKey }: AccessLogProps) {
    super(scope, id, {
      // The /aws/vendedlogs/ prefix keeps the resource policy of CloudWatch Logs small: one
      // statement covers all such groups, and the policy is limited to 5,120 characters per
      // account.
      logGroupName: `/aws/vendedlogs/${name}-${scope.node.addr.slice(-8)}`,
      ...logGroupOptions(log, encryptionKey),
    })
    this.addMetricFilter('ThrottledRequests', {
      metricNamespace: names.namespace,
      metricName: names.throttledRequests,
      metricValue: '1',
      // Excludes a Lambda's own 429: that is the hourly registration limit, not throttling.
      filterPattern: FilterPattern.all(
        FilterPattern.stringValue('$.status', '=', '429'),
        FilterPattern.stringValue('$.integrationStatus', '=', '-'),
      ),
      dimensions: { [api]: '$.api' },
    })
  }

  /**
   * Requests over the setting `throttle`. API Gateway rejects them itself and only counts them
   * among all 4xx.
   */
  throttledRequests(apiId: string, options: MetricOptions): Metric {
    return new Metric({
      namespace: names.namespace,
      metricName: names.throttledRequests,
      dimensionsMap: { [api]: apiId },
      statistic: Stats.SUM,
      ...options,
    })
  }
}

/** CloudWatch dimension that separates the metrics of each API. */
const api = 'ApiId'

/** Logs no header, query or path: each could contain a token. */
const members = {
  api: '$context.apiId',
  requestId: '$context.requestId',
  ip: '$context.identity.sourceIp',
  requestTime: '$context.requestTime',
  method: '$context.httpMethod',
  routeKey: '$context.routeKey',
  status: '$context.status',
  protocol: '$context.protocol',
  responseLength: '$context.responseLength',
  /** Status that the Lambda returned; `-` when API Gateway responded itself. */
  integrationStatus: '$context.integration.status',
  integrationError: '$context.integrationErrorMessage',
}
