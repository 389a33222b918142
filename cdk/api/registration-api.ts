import { Duration } from 'aws-cdk-lib'
import {
  CorsHttpMethod,
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  type IDomainName,
  type IHttpRouteAuthorizer,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import type { StageSettings } from '../settings/settings.ts'
import { suppressNag } from '../suppressions.ts'
import { AccessLog } from './access-log.ts'

export type RegistrationApiProps = {
  /** Name of the service. */
  readonly name: string
  readonly settings: Pick<StageSettings, 'throttle' | 'cors' | 'log'>
  /** Custom domain. When given, the default execute-api endpoint is disabled. */
  readonly domain?: IDomainName | undefined
  /** KMS key of the access log. Default: AWS's own encryption. */
  readonly encryptionKey?: IKey | undefined
}

/**
 * The HTTP API in front of all Lambdas. Not a REST API, because that renames `WWW-Authenticate`
 * (RFC 6750 §3).
 */
export class RegistrationApi extends Construct {
  readonly url: string
  readonly accessLog: AccessLog
  readonly #api: HttpApi

  constructor(scope: Construct, id: string, props: RegistrationApiProps) {
    super(scope, id)
    const { name, settings, domain, encryptionKey } = props
    const { throttle, cors, log } = settings
    suppressNag(
      this,
      'APIG4',
      'Who may do what is decided in the Lambdas: RFC 7591 and RFC 7592 prescribe bearer tokens of their own and the answers to bad ones, which no authorizer of API Gateway can give; discovery is public.',
    )
    this.#api = new HttpApi(this, 'HttpApi', {
      apiName: name,
      createDefaultStage: false,
      ...(domain && { disableExecuteApiEndpoint: true }),
      ...(cors.origins.length > 0 && {
        corsPreflight: {
          allowOrigins: [...cors.origins],
          allowMethods: [
            CorsHttpMethod.GET,
            CorsHttpMethod.POST,
            CorsHttpMethod.PUT,
            CorsHttpMethod.PATCH,
            CorsHttpMethod.DELETE,
          ],
          // The wildcard does not cover `authorization` (Fetch §4.9).
          allowHeaders: [...new Set(['authorization', ...cors.allowHeaders])],
          exposeHeaders: ['www-authenticate', 'retry-after'],
          maxAge: Duration.hours(1),
        },
      }),
    })
    this.url = domain ? `https://${domain.name}` : this.#api.apiEndpoint
    this.accessLog = new AccessLog(this, 'AccessLog', { name, log, encryptionKey })
    new HttpStage(this, 'Stage', {
      httpApi: this.#api,
      stageName: '$default',
      autoDeploy: true,
      ...(domain && { domainMapping: { domainName: domain } }),
      throttle: { rateLimit: throttle.rate, burstLimit: throttle.burst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(this.accessLog),
        format: this.accessLog.format,
      },
    })
  }

  /** A built-in API Gateway metric of this API. */
  metric(name: string, options: MetricOptions): Metric {
    return this.#api.metric(name, options)
  }

  /** Requests that API Gateway throttled itself. */
  throttledRequests(options: MetricOptions = {}): Metric {
    return this.accessLog.throttledRequests(this.#api.apiId, options)
  }

  /** Routes these paths, for all methods, to one Lambda. The authorizer, if any, runs first. */
  route(
    name: string,
    paths: readonly string[],
    lambda: IFunction,
    authorizer: IHttpRouteAuthorizer | undefined,
  ) {
    const integration = new HttpLambdaIntegration(name, lambda)
    for (const path of paths) {
      new HttpRoute(this, path === '$default' ? 'Default' : path.slice(1), {
        httpApi: this.#api,
        integration,
        ...(authorizer && { authorizer }),
        routeKey:
          path === '$default' ? HttpRouteKey.DEFAULT : HttpRouteKey.with(path, HttpMethod.ANY),
      })
    }
  }
}
