import type { Account } from './account.ts'
import { stackName } from './cdk.ts'
import type { Statement } from './grants.ts'

/** A deployed Lambda, its role's policy in reach. */
export type DeployedLambda = {
  readonly policy: readonly Statement[]
  /** Replaces the statements of its role's policy. */
  permit(statements: readonly Statement[]): Promise<void>
  /** Makes its next request a cold start. */
  restart(): Promise<void>
  /** Invokes it with an event, as EventBridge does; resolves to whether it succeeded. */
  invoke(event: object): Promise<boolean>
  /** What it has logged since this moment (milliseconds). */
  loggedSince(moment: number): Promise<string>
}

type Resources = {
  readonly StackResources: readonly {
    readonly LogicalResourceId: string
    readonly PhysicalResourceId: string
    readonly ResourceType: string
  }[]
}
type Configuration = {
  readonly Timeout: number
  readonly Role: string
  readonly LoggingConfig: { readonly LogGroup: string }
}
type Events = { readonly events: readonly { readonly message: string }[] }

// The CLI answers what its service model says; each answer is narrowed here to the members that are needed.

/** The Lambda of this construct, such as RegisterClient. */
export async function deployedLambda(aws: Account, construct: string): Promise<DeployedLambda> {
  const { StackResources } = (await aws(
    ...['cloudformation', 'describe-stack-resources', '--stack-name', stackName],
  )) as Resources
  const found = StackResources.find(
    ({ LogicalResourceId, ResourceType }) =>
      ResourceType === 'AWS::Lambda::Function' &&
      new RegExp(`^Service${construct}[0-9A-F]{8}$`).test(LogicalResourceId),
  )
  if (found === undefined) throw new Error(`no Lambda ${construct} in the stack`)
  const ofFunction = ['--function-name', found.PhysicalResourceId]
  const { Role, LoggingConfig, Timeout } = (await aws(
    ...['lambda', 'get-function-configuration', ...ofFunction],
  )) as Configuration
  const ofRole = ['--role-name', Role.split('/').at(-1) ?? '']
  const { PolicyNames } = (await aws('iam', 'list-role-policies', ...ofRole)) as {
    readonly PolicyNames: readonly string[]
  }
  const [name, ...more] = PolicyNames
  if (name === undefined || more.length > 0) throw new Error(`${construct}: expected one policy`)
  const ofPolicy = [...ofRole, '--policy-name', name]
  const { PolicyDocument } = (await aws('iam', 'get-role-policy', ...ofPolicy)) as {
    readonly PolicyDocument: { readonly Statement: readonly Statement[] }
  }

  return {
    policy: PolicyDocument.Statement,
    async permit(Statement) {
      const document = JSON.stringify({ Version: '2012-10-17', Statement })
      await aws('iam', 'put-role-policy', ...ofPolicy, '--policy-document', document)
    },
    async restart() {
      // A change of configuration ends its execution environments, even where nothing becomes different.
      const words = ['--timeout', String(Timeout)]
      await aws('lambda', 'update-function-configuration', ...ofFunction, ...words)
    },
    async invoke(event) {
      const words = ['--payload', JSON.stringify(event)]
      const result = await aws('lambda', 'invoke', ...ofFunction, ...words, '/dev/null')
      return !('FunctionError' in (result as object))
    },
    async loggedSince(moment) {
      const words = ['--log-group-name', LoggingConfig.LogGroup, '--start-time', String(moment)]
      const { events } = (await aws('logs', 'filter-log-events', ...words)) as Events
      return events.map(({ message }) => message).join('\n')
    },
  }
}
