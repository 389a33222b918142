import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import type { IHttpRouteAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2'
import {
  HttpLambdaAuthorizer,
  HttpLambdaResponseType,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { Code } from 'aws-cdk-lib/aws-lambda'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import { Construct } from 'constructs'
import { originKeyHeader } from '../../functions/environment.ts'
import {
  EndpointFunction,
  type EndpointFunctionProps,
  type Network,
} from '../api/endpoint-function.ts'
import { grantKey, grantSecrets } from '../api/grants.ts'
import { suppressNag } from '../suppressions.ts'

export type OriginProps = {
  /** The code of functions/authorize-origin.ts. */
  readonly code: Code
  readonly settings: EndpointFunctionProps['settings']
  readonly encryptionKey?: IKey | undefined
  readonly network?: Network | undefined
}

/** How the API knows CloudFront: by keys that both have, `{ "k1": key, … }`, of which CloudFront shows one. */
export class Origin extends Construct {
  /** Lets a request into the API where it has one of the keys; asked once an hour for each key. */
  readonly authorizer: IHttpRouteAuthorizer
  /** What the authorizer asks. */
  readonly lambda: EndpointFunction
  readonly #keys: Secret

  constructor(
    scope: Construct,
    id: string,
    { code, settings, encryptionKey, network }: OriginProps,
  ) {
    super(scope, id)
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
    this.lambda = new EndpointFunction(this, 'Authorize', {
      name: 'authorize-origin',
      code,
      settings,
      encryptionKey,
      network,
      environment: { ORIGIN_KEYS_SECRET: this.#keys.secretArn },
    })
    grantSecrets(this.lambda, [this.#keys])
    grantKey(this.lambda, encryptionKey, 'secretsmanager')
    this.authorizer = new HttpLambdaAuthorizer('ThroughCloudFront', this.lambda.invokable, {
      // Without this header API Gateway answers 401 by itself, and no Lambda is run.
      identitySource: [`$request.header.${originKeyHeader}`],
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      resultsCacheTtl: Duration.hours(1),
    })
  }

  /**
   * The header with this key of the ring: a reference that CloudFormation resolves, so that the key stands in no
   * template. Whoever may read the distribution sees it.
   */
  header(key: string): Record<string, string> {
    return { [originKeyHeader]: this.#keys.secretValueFromJson(key).unsafeUnwrap() }
  }
}

const notRotatedByItself =
  'CloudFront takes a new key by a deployment only: the commands in cdk/README.md rotate it, without a request being turned away.'
