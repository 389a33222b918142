import { Duration, RemovalPolicy } from 'aws-cdk-lib'
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
import type { Settings } from '../../lib/settings/settings.ts'
import { suppressNag } from '../suppressions.ts'

/** A VPC of the team's own, from which DynamoDB, Secrets Manager, EventBridge and SQS can be reached. */
export type Network = Pick<FunctionOptions, 'vpcSubnets' | 'securityGroups'> & {
  readonly vpc: IVpc
}

export type EndpointFunctionProps = {
  /** Its file in functions/. */
  readonly name: keyof Settings['concurrency']
  readonly code: Code
  readonly environment: Environment
  readonly settings: Pick<Settings, 'log' | 'tracing' | 'concurrency'>
  /** Encrypts its log; a key of AWS unless given. */
  readonly encryptionKey?: IKey | undefined
  /** Where it runs; outside of any VPC unless given. */
  readonly network?: Network | undefined
}

/** The Lambda of one endpoint. By itself it may write its own log and, where that is asked for, traces. */
export class EndpointFunction extends LambdaFunction {
  /** What is called: the Lambda itself, or its version of which some are kept started. */
  readonly invokable: IFunction

  constructor(
    scope: Construct,
    id: string,
    { name, code, environment, settings, encryptionKey, network }: EndpointFunctionProps,
  ) {
    const { log, tracing, concurrency } = settings
    const { reserved, provisioned } = concurrency[name]
    const logGroup = new LogGroup(scope, `${id}Log`, {
      retention: log.retention,
      removalPolicy: RemovalPolicy.DESTROY,
      ...(encryptionKey && { encryptionKey }),
    })
    // A role of our own: the one that CDK would make may write to every log group of the account.
    const role = new Role(scope, `${id}Role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    })
    logGroup.grantWrite(role)
    if (network) grantNetwork(role)
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
      },
      loggingFormat: LoggingFormat.JSON,
      // Lambda's own lines of every request say what ours says; those of timeouts and crashes stay.
      systemLogLevelV2: SystemLogLevel.WARN,
      // Metrics are lines without a level, which Lambda takes for INFO: it may not leave those out. functions/log.ts does.
      applicationLogLevelV2:
        log.level === 'debug' ? ApplicationLogLevel.DEBUG : ApplicationLogLevel.INFO,
      role,
      logGroup,
      ...network,
      ...(reserved !== undefined && { reservedConcurrentExecutions: reserved }),
      ...(tracing && { tracing: Tracing.ACTIVE }),
    })
    if (tracing)
      suppressNag(role, 'IAM5[Resource::*]', 'X-Ray knows no resource that a trace is put into.')
    this.invokable =
      provisioned === 0
        ? this
        : // An alias is a function; only its `role` is declared as a getter, which this compiler's strictness tells apart.
          (this.addAlias('live', { provisionedConcurrentExecutions: provisioned }) as IFunction)
  }
}

/** Lambda makes the interface by which it reaches a VPC in the name of the function's role. */
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
