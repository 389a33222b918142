import type { Template } from 'aws-cdk-lib/assertions'
import { ofType } from './synthesized.ts'

type Statement = {
  readonly Effect: string
  readonly Action: string | readonly string[]
  readonly Resource: unknown
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** One request to an AWS service: on one resource, and where it is an item, with its partition key. */
export type Attempt = {
  readonly action: string
  /** The construct below `Service`, such as `Table` or `Table/index/listing`. */
  readonly resource: string
  readonly key?: string | undefined
  /** Who an event says that it comes from. */
  readonly source?: string
  /** The service that makes the request in the name of its caller. */
  readonly viaService?: string
}

/** Judges attempts by the synthesized policy of a Lambda's role, as IAM does: allowed where a statement allows it. */
export function judgeOf(template: Template, lambda: string): (attempt: Attempt) => boolean {
  const policies = ofType(template, 'AWS::IAM::Policy').filter(([id]) =>
    new RegExp(`^Service${lambda}RoleDefaultPolicy[0-9A-F]{8}$`).test(id),
  )
  const [policy] = policies
  if (policy === undefined) throw new Error(`no policy of ${lambda}`)
  const { Statement: statements } = policy[1].Properties.PolicyDocument as {
    readonly Statement: readonly Statement[]
  }
  return (attempt) => statements.some((statement) => allows(statement, attempt))
}

function allows({ Effect, Action, Resource, Condition = {} }: Statement, attempt: Attempt) {
  if (Effect !== 'Allow') throw new Error(`a statement with ${Effect}: not understood here`)
  return (
    [Action].flat().some((pattern) => like(pattern, attempt.action)) &&
    [Resource].flat().some((resource) => covers(resource, attempt.resource)) &&
    Object.entries(Condition).every(([operator, keys]) => meets(operator, keys, attempt))
  )
}

/** `ForAllValues` is met by a request without keys, such as a Scan: only what is granted at all keeps that out. */
function meets(
  operator: string,
  keys: Readonly<Record<string, unknown>>,
  { key, source = '', viaService = '' }: Attempt,
): boolean {
  const [name = '', ...others] = Object.keys(keys)
  const patterns = [keys[name] ?? []].flat().map(nameOf)
  switch (`${operator} ${[name, ...others]}`) {
    case 'ForAllValues:StringLike dynamodb:LeadingKeys':
      return key === undefined || patterns.some((pattern) => like(pattern, key))
    case 'ForAllValues:StringEquals events:source':
      return patterns.includes(source)
    case 'StringEquals kms:ViaService':
      return patterns.includes(viaService)
    default:
      throw new Error(`a condition ${operator} on ${Object.keys(keys)}: not understood here`)
  }
}

const covers = (resource: unknown, wanted: string): boolean => like(nameOf(resource), wanted)

type Intrinsic = {
  readonly Ref?: string
  readonly 'Fn::GetAtt'?: readonly [string, string]
  readonly 'Fn::Join'?: readonly [string, readonly unknown[]]
}

/** A resource by its construct: `Table`, `Table.StreamArn`, `Table/index/listing`, `*`. */
function nameOf(resource: unknown): string {
  if (typeof resource === 'string') return resource
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': joined } = resource as Intrinsic
  if (joined !== undefined) return joined[1].map(nameOf).join(joined[0])
  if (Ref !== undefined) return constructOf(Ref)
  if (attribute === undefined) throw new Error(`${JSON.stringify(resource)}: not understood here`)
  const [id, name] = attribute
  return name === 'Arn' ? constructOf(id) : `${constructOf(id)}.${name}`
}

/** A pseudo parameter such as `AWS::Region` is left out, but for the one of hostnames. */
const constructOf = (id: string): string =>
  id === 'AWS::URLSuffix'
    ? 'amazonaws.com'
    : id.startsWith('AWS::')
      ? ''
      : id.replace(/^Service|[0-9A-F]{8}$/g, '')

const like = (pattern: string, text: string): boolean =>
  new RegExp(`^${pattern.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(
    text,
  )
