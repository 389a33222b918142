import { RemovalPolicy } from 'aws-cdk-lib'
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway'
import { Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { FilterPattern, LogGroup } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import { metricNames as names } from '../../functions/metric-names.ts'
import type { Settings } from '../../lib/settings/settings.ts'

export type AccessLogProps = {
  /** What the service is called. */
  readonly name: string
  readonly log: Settings['log']
  /** Encrypts it; a key of AWS unless given. */
  readonly encryptionKey?: IKey | undefined
}

/** API Gateway's line for each request, whoever answers it. */
export class AccessLog extends LogGroup {
  readonly format = AccessLogFormat.custom(JSON.stringify(members))

  constructor(scope: Construct, id: string, { name, log, encryptionKey }: AccessLogProps) {
    super(scope, id, {
      // What lets API Gateway write here names all of these at once; it has 5,120 characters for all others in the account.
      logGroupName: `/aws/vendedlogs/${name}-${scope.node.addr.slice(-8)}`,
      retention: log.retention,
      removalPolicy: RemovalPolicy.DESTROY,
      ...(encryptionKey && { encryptionKey }),
    })
    this.addMetricFilter('ThrottledRequests', {
      metricNamespace: names.namespace,
      metricName: names.throttledRequests,
      metricValue: '1',
      // A Lambda's own 429 says how many may register in an hour, and is no throttling.
      filterPattern: FilterPattern.all(
        FilterPattern.stringValue('$.status', '=', '429'),
        FilterPattern.stringValue('$.integrationStatus', '=', '-'),
      ),
      dimensions: { [api]: '$.api' },
    })
  }

  /** Requests beyond the setting `throttle`: API Gateway answers them itself, and counts them among all its 4xx. */
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

/** The dimension by which CloudWatch tells one API's metrics from another's. */
const api = 'ApiId'

/** No header, no query, no path: each of them could carry a token. */
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
  /** What the Lambda answered; `-` where API Gateway answered by itself. */
  integrationStatus: '$context.integration.status',
  integrationError: '$context.integrationErrorMessage',
}
