import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import {
  Architecture,
  type Code,
  Function as LambdaFunction,
  Runtime,
} from 'aws-cdk-lib/aws-lambda'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import type { Environment } from '../functions/environment.ts'
import type { Settings } from '../lib/settings/settings.ts'

export type EndpointFunctionProps = {
  readonly code: Code
  readonly environment: Environment
  readonly log: Settings['log']
}

/** The Lambda of one endpoint. By itself it may write its own log, nothing else. */
export class EndpointFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, { code, environment, log }: EndpointFunctionProps) {
    const logGroup = new LogGroup(scope, `${id}Log`, {
      retention: log.retention,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    // A role of our own: the one that CDK would make may write to every log group of the account.
    const role = new Role(scope, `${id}Role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    })
    logGroup.grantWrite(role)
    super(scope, id, {
      code,
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      // Lambda gives CPU by memory: a cold start with 1024 MB takes a fraction of one with 128 MB.
      memorySize: 1024,
      timeout: Duration.seconds(15),
      environment: {
        ...environment,
        POWERTOOLS_LOG_LEVEL: log.level.toUpperCase(),
        NODE_OPTIONS: '--enable-source-maps',
      },
      role,
      logGroup,
    })
  }
}
