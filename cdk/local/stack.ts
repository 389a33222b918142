import { join } from 'node:path'
import type { Cors } from './cors.ts'
import { type References, resolve } from './intrinsics.ts'
import type { InstanceOptions } from './lambda-instance.ts'
import type { Assembly, Resource } from './synthesis.ts'

export const accountId = '000000000000'
export const region = 'us-east-1'
export const apiId = 'local'

/** Resources of one type, with their logical ids. */
export function ofType({ resources }: Assembly, type: string) {
  return [...resources].filter(([, { Type }]) => Type === type)
}

/** Local physical name or ARN of every resource that the template may reference. */
export function references(
  { stackName, resources }: Assembly,
  { url, suffix }: { readonly url: string; readonly suffix: string },
): References {
  const references = new Map([
    ['AWS::Region', region],
    ['AWS::Partition', 'aws'],
    ['AWS::AccountId', accountId],
    ['AWS::URLSuffix', 'amazonaws.com'],
    ['AWS::StackName', stackName],
  ])
  for (const [id, { Type }] of resources) {
    const name = `${stackName}-${id}${suffix}`
    const arn = (service: string, rest: string) =>
      `arn:aws:${service}:${region}:${accountId}:${rest}`
    if (Type === 'AWS::SecretsManager::Secret') {
      references.set(id, arn('secretsmanager', `secret:${name}`))
    } else if (Type === 'AWS::DynamoDB::GlobalTable') {
      references.set(id, name).set(`${id}.Arn`, arn('dynamodb', `table/${name}`))
    } else if (Type === 'AWS::Lambda::Function') {
      references.set(id, name).set(`${id}.Arn`, arn('lambda', `function:${name}`))
    } else if (Type === 'AWS::ApiGatewayV2::Api') {
      references.set(id, apiId).set(`${id}.ApiEndpoint`, url)
    } else references.set(id, name)
  }
  return references
}

/** Logical id of the Lambda behind each route key. */
export function routes(assembly: Assembly): ReadonlyMap<string, string> {
  return new Map(
    ofType(assembly, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => {
      const integration = assembly.resources.get(lastReference(Properties.Target))
      const lambda = lastReference(integration?.Properties.IntegrationUri)
      return [String(Properties.RouteKey), lambda]
    }),
  )
}

/** Logical id of the Lambda that reads the table's stream. */
export function streamReader(assembly: Assembly): string {
  const [mapping] = ofType(assembly, 'AWS::Lambda::EventSourceMapping')
  return lastReference(mapping?.[1].Properties.FunctionName)
}

/** A rule of EventBridge, and the logical id of the Lambda that it invokes. */
export type EventRule = {
  readonly lambda: string
  /** Fields of the event and their accepted values; undefined for a schedule. */
  readonly pattern: Readonly<Record<string, readonly string[]>> | undefined
}

/** The rules of EventBridge. */
export const eventRules = (assembly: Assembly): readonly EventRule[] =>
  ofType(assembly, 'AWS::Events::Rule').map(([, { Properties }]) => ({
    lambda: lastReference(Properties.Targets),
    pattern: Properties.EventPattern as EventRule['pattern'],
  }))

/** CORS configuration of the HTTP API; undefined when it has none. */
export function corsOf(assembly: Assembly): Cors | undefined {
  const [api] = ofType(assembly, 'AWS::ApiGatewayV2::Api')
  return api?.[1].Properties.CorsConfiguration as Cors | undefined
}

/** Logical id of the last reference in a value such as `integrations/<Ref>`. */
function lastReference(value: unknown): string {
  const ids = [...JSON.stringify(value ?? null).matchAll(/"(?:Ref|Fn::GetAtt)":\[?"([^"]+)"/g)]
  return ids.at(-1)?.[1] ?? ''
}

/**
 * Options to start an instance of a synthesized Lambda. `extraEnvironment` is added to its
 * environment.
 */
export function instanceOptions(
  { Properties }: Resource,
  assembly: Assembly,
  references: References,
  functionName: string,
  extraEnvironment: Readonly<Record<string, string>>,
): Omit<InstanceOptions, 'log'> {
  const code = Properties.Code as { readonly S3Key: string }
  const directory = assembly.assets.get(code.S3Key) ?? ''
  const [file, handler = ''] = String(Properties.Handler).split('.')
  const memorySize = Number(Properties.MemorySize ?? 128)
  const declared = resolve(Properties.Environment ?? {}, references) as Declared
  return {
    file: join(directory, `${file}.mjs`),
    handler,
    functionName,
    functionArn: `arn:aws:lambda:${region}:${accountId}:function:${functionName}`,
    memorySize,
    timeout: Number(Properties.Timeout ?? 3) * 1000,
    // Lambdas do not inherit the environment of this process.
    environment: {
      ...declared.Variables,
      ...runtimeEnvironment(functionName, directory, memorySize),
      ...loggingEnvironment(Properties.LoggingConfig),
      _HANDLER: String(Properties.Handler),
      AWS_EXECUTION_ENV: `AWS_Lambda_${Properties.Runtime}`,
      ...extraEnvironment,
    },
  }
}

type Declared = { readonly Variables?: Readonly<Record<string, string>> }

/**
 * Environment variables that pass the declared logging configuration to the runtime and the logger.
 */
function loggingEnvironment(declared: unknown): Readonly<Record<string, string>> {
  const { LogFormat, ApplicationLogLevel } = (declared ?? {}) as Readonly<Record<string, unknown>>
  return {
    ...(typeof LogFormat === 'string' && { AWS_LAMBDA_LOG_FORMAT: LogFormat }),
    ...(typeof ApplicationLogLevel === 'string' && { AWS_LAMBDA_LOG_LEVEL: ApplicationLogLevel }),
  }
}

/** Environment variables that the Lambda runtime sets. */
function runtimeEnvironment(functionName: string, directory: string, memorySize: number) {
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memorySize),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${functionName}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    LAMBDA_TASK_ROOT: directory,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    // Prevents the SDK from reading the AWS configuration files of the current user.
    AWS_CONFIG_FILE: join(directory, 'none'),
    AWS_SHARED_CREDENTIALS_FILE: join(directory, 'none'),
  }
}
