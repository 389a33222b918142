import { Duration } from 'aws-cdk-lib'
import type { IVpc } from 'aws-cdk-lib/aws-ec2'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import {
  ApplicationLogLevel,
  Architecture,
  type Code,
  type FunctionOptions,
  type IFunction,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import type { Environment } from '../../functions/environment.ts'
import { logGroupOptions } from '../log-group-options.ts'
import type { LambdaName, StageSettings } from '../settings/settings.ts'
import { suppressNag } from '../suppressions.ts'

/** A VPC of the team. It must reach DynamoDB, Secrets Manager, EventBridge and SQS. */
export type Network = Pick<FunctionOptions, 'vpcSubnets' | 'securityGroups'> & {
  readonly vpc: IVpc
}

/** Options of every Lambda that a team may choose; each has a default. */
export type LambdaDefaults = Pick<FunctionOptions, 'memorySize' | 'layers' | 'insightsVersion'> & {
  /** Default: ARM_64. The code runs on both. */
  readonly architecture?: Architecture
}

/** What all Lambdas of a stage have in common. */
export type LambdaOptions = {
  /** The bundled code of each Lambda. */
  readonly code: (name: LambdaName) => Code
  readonly settings: Pick<StageSettings, 'log' | 'tracing' | 'concurrency'>
  /** KMS key of the log group. Default: AWS's own encryption. */
  readonly encryptionKey?: IKey | undefined
  /** The VPC of the Lambda. Default: no VPC. */
  readonly network?: Network | undefined
  /** Options of every Lambda. Default: 1024 MB, ARM_64. */
  readonly lambdaDefaults?: LambdaDefaults | undefined
}

export type ServiceFunctionProps = LambdaOptions & {
  readonly name: LambdaName
  readonly environment: Environment
  /** Default: 15 seconds. */
  readonly timeout?: Duration
}

/**
 * One Lambda of the service: an endpoint, one that an event invokes, or the authorizer of the origin.
 * Its role can initially only write to its own log group and, when tracing is on, send X-Ray traces.
 */
export class ServiceFunction extends LambdaFunction {
  /** The function to invoke: the Lambda itself, or its alias with provisioned concurrency. */
  readonly invokable: IFunction

  constructor(
    scope: Construct,
    id: string,
    {
      name,
      code,
      environment,
      settings,
      encryptionKey,
      network,
      lambdaDefaults,
      timeout = Duration.seconds(15),
    }: ServiceFunctionProps,
  ) {
    const { log, tracing, concurrency } = settings
    const { reserved, provisioned } = concurrency[name]
    // Beside this construct, not below it: another path is another logical id, and so an empty log.
    const logGroup = new LogGroup(scope, `${id}Log`, logGroupOptions(log, encryptionKey))
    // A dedicated role: CDK's default role can write to every log group in the account.
    const role = new Role(scope, `${id}Role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    })
    logGroup.grantWrite(role)
    if (network) grantNetwork(role)
    super(scope, id, {
      code: code(name),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      // Lambda allocates CPU in proportion to memory. A cold start with 1024 MB takes a fraction of
      // the time with 128 MB.
      memorySize: 1024,
      ...lambdaDefaults,
      timeout,
      environment: {
        ...environment,
        LOG_LEVEL: log.level.toUpperCase(),
      },
      loggingFormat: LoggingFormat.JSON,
      // Omits Lambda's platform lines for successful requests, which repeat ours; keeps timeouts
      // and crashes.
      systemLogLevelV2: SystemLogLevel.WARN,
      // Metrics written alone have no level, and Lambda treats them as INFO, so its filter must not drop
      // INFO. functions/log.ts applies the configured level.
      applicationLogLevelV2:
        log.level === 'debug' ? ApplicationLogLevel.DEBUG : ApplicationLogLevel.INFO,
      role,
      logGroup,
      ...network,
      ...(reserved !== undefined && { reservedConcurrentExecutions: reserved }),
      tracing: tracing ? Tracing.ACTIVE : Tracing.DISABLED,
    })
    if (tracing)
      suppressNag(role, 'IAM5[Resource::*]', 'X-Ray knows no resource that a trace is put into.')
    this.invokable =
      provisioned === 0
        ? this
        : // The cast is for `role`, a getter, which exactOptionalPropertyTypes rejects.
          (this.addAlias('live', { provisionedConcurrentExecutions: provisioned }) as IFunction)
  }
}

/** Lambda creates the VPC network interface with the permissions of the function's role. */
function grantNetwork(role: Role): void {
  const actions = [
    'CreateNetworkInterface',
    'DeleteNetworkInterface',
    'DescribeNetworkInterfaces',
    'DescribeSubnets',
    'AssignPrivateIpAddresses',
    'UnassignPrivateIpAddresses',
  ].map((action) => `ec2:${action}`)
  role.addToPolicy(new PolicyStatement({ actions, resources: ['*'] }))
  suppressNag(
    role,
    'IAM5[Resource::*]',
    'Lambda asks for these on every interface, before it has made one.',
  )
}
