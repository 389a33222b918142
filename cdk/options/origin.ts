import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import type { IHttpRouteAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2'
import {
  HttpLambdaAuthorizer,
  HttpLambdaResponseType,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import { Construct } from 'constructs'
import { originKeyHeader } from '../../functions/environment.ts'
import { grantKey, grantSecrets } from '../api/grants.ts'
import { type LambdaOptions, ServiceFunction } from '../api/service-function.ts'
import { suppressNag } from '../suppressions.ts'

/**
 * Shared keys that authenticate CloudFront to the API: `{ "k1": key, … }`. CloudFront sends one of
 * them.
 */
export class Origin extends Construct {
  /**
   * Allows requests that carry one of the keys. API Gateway caches the result for one hour per key.
   */
  readonly authorizer: IHttpRouteAuthorizer
  /** The Lambda behind the authorizer. */
  readonly lambda: ServiceFunction
  readonly #keys: Secret

  constructor(scope: Construct, id: string, props: LambdaOptions) {
    super(scope, id)
    const { encryptionKey } = props
    this.#keys = new Secret(this, 'Keys', {
      description: 'Keys by which the API knows CloudFront: { id: key, … }',
      generateSecretString: {
        passwordLength: 64,
        excludePunctuation: true,
        secretStringTemplate: '{}',
        generateStringKey: 'k1',
      },
      removalPolicy: RemovalPolicy.DESTROY,
      ...(encryptionKey && { encryptionKey }),
    })
    suppressNag(this.#keys, 'SMG4', notRotatedByItself)
    this.lambda = new ServiceFunction(this, 'Authorize', {
      ...props,
      name: 'authorize-origin',
      environment: { ORIGIN_KEYS_SECRET: this.#keys.secretArn },
    })
    grantSecrets(this.lambda, [this.#keys])
    grantKey(this.lambda, encryptionKey, 'secretsmanager')
    this.authorizer = new HttpLambdaAuthorizer('ThroughCloudFront', this.lambda.invokable, {
      // Without this header API Gateway returns 401 itself and invokes no Lambda.
      identitySource: [`$request.header.${originKeyHeader}`],
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      resultsCacheTtl: Duration.hours(1),
    })
  }

  /**
   * The origin header with the key of this id. CloudFormation resolves the reference, so no
   * template contains the key. Anyone who can read the distribution's configuration can see it.
   */
  header(key: string): Record<string, string> {
    return { [originKeyHeader]: this.#keys.secretValueFromJson(key).unsafeUnwrap() }
  }
}

const notRotatedByItself =
  'CloudFront takes a new key by a deployment only: the commands in cdk/README.md rotate it, without rejecting a request.'
