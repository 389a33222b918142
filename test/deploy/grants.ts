/** A statement of a role's policy as it is deployed. */
export type Statement = {
  readonly Effect: string
  readonly Action: string | readonly string[]
  readonly Resource: string | readonly string[]
  readonly Condition?: {
    readonly [leadingKeys]?: Readonly<Record<string, string | string[]>>
    readonly [sources]?: Readonly<Record<string, string>>
  }
}

/** One action on one resource and, where the statement names them, on one kind of item or under these conditions. */
export type Grant = {
  readonly action: string
  readonly resource: string
  readonly key?: string
  readonly source?: Readonly<Record<string, string>>
}

const leadingKeys = 'ForAllValues:StringLike'
const sources = 'ForAllValues:StringEquals'

/** A policy taken apart: every grant by itself. */
export const grantsOf = (statements: readonly Statement[]): readonly Grant[] =>
  statements.flatMap(({ Action, Resource, Condition }) =>
    [Action].flat().flatMap((action) =>
      [Resource].flat().flatMap((resource) => {
        if (Condition === undefined) return [{ action, resource }]
        if (Condition[sources]) return [{ action, resource, source: Condition[sources] }]
        const keys = Condition[leadingKeys]?.['dynamodb:LeadingKeys']
        if (keys === undefined) throw new Error(`not understood: ${JSON.stringify(Condition)}`)
        return [keys].flat().map((key) => ({ action, resource, key }))
      }),
    ),
  )

/** The statement that grants just this. */
export const statementOf = ({ action, resource, key, source }: Grant): Statement => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource,
  ...(key !== undefined && { Condition: { [leadingKeys]: { 'dynamodb:LeadingKeys': [key] } } }),
  ...(source && { Condition: { [sources]: source } }),
})

/** Such as `dynamodb:Query listing IAT#*` or `secretsmanager:GetSecretValue KeyRing`. */
export function nameOf({ action, resource, key = '' }: Grant): string {
  const [, index = ''] = /\/index\/([\w-]+)$/.exec(resource) ?? []
  const [, secret = ''] = /Service(?:Secrets|Firewall)(\w+?)[0-9A-F]{8}-/.exec(resource) ?? []
  return [action, index, secret, key].filter(Boolean).join(' ')
}
