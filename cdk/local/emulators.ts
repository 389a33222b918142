import type { DataFolder } from './data-folder.ts'
import { requireDynamodb } from './dynamodb-endpoint.ts'
import { startDynamodb } from './embedded-dynamodb.ts'
import type { References } from './intrinsics.ts'
import { localSecrets } from './local-secrets.ts'
import { serveSecrets } from './secrets-endpoint.ts'
import type { ServiceOptions } from './service-options.ts'
import { ofType } from './stack.ts'
import type { Assembly } from './synthesis.ts'
import { synthesizedTable } from './synthesized-table.ts'

/** Registers a cleanup to run when the service stops or fails to start. */
export type Defer = (cleanup: () => unknown) => void

/** Uses the DynamoDB at the endpoint if given, or else starts an embedded one. */
export async function chooseDynamodb(
  endpoint: string | undefined,
  data: DataFolder | undefined,
  signal: AbortSignal,
  defer: Defer,
) {
  if (endpoint !== undefined) {
    await requireDynamodb(endpoint)
    return { endpoint, died: new Promise<string>(() => {}) }
  }
  const dynamodb = await startDynamodb(data?.database, signal)
  defer(dynamodb.close)
  return dynamodb
}

/**
 * Creates the table of the template. In an external DynamoDB it is deleted when the service stops,
 * unless a data folder is set.
 */
export async function createTable(
  assembly: Assembly,
  references: References,
  endpoint: string,
  { dynamodbEndpoint, dataDirectory }: ServiceOptions,
  defer: Defer,
): Promise<string> {
  const [table] = ofType(assembly, 'AWS::DynamoDB::GlobalTable')
  if (table === undefined) throw new Error('the synthesized stack has no table')
  const [id, { Properties: properties }] = table
  const tableName = references.get(id) ?? id
  const created = await synthesizedTable({ endpoint, tableName, properties })
  defer(created.close)
  if (dynamodbEndpoint !== undefined && dataDirectory === undefined) defer(created.remove)
  return tableName
}

/** Serves the secrets of the template, and those given, from an emulated Secrets Manager. */
export async function createSecrets(
  assembly: Assembly,
  references: References,
  { masterToken, staticInitialAccessToken, secrets = {} }: ServiceOptions,
  data: DataFolder | undefined,
  defer: Defer,
) {
  const resources = ofType(assembly, 'AWS::SecretsManager::Secret')
  const idOf = (name: string) => resources.find(([id]) => secretName(id) === name)?.[0] ?? name
  const given = [
    [idOf('MasterToken'), masterToken],
    [idOf('StaticInitialAccessToken'), staticInitialAccessToken],
  ].flatMap(([id, value]) => (id === undefined || !value ? [] : [[id, value] as const]))
  const values = await localSecrets({
    resources,
    given: new Map(given),
    ...optional('file', data?.secrets),
  })
  const byArn = new Map([...values].map(([id, value]) => [references.get(id) ?? id, value]))
  for (const [arn, value] of Object.entries(secrets)) byArn.set(arn, value)
  const endpoint = await serveSecrets(byArn)
  defer(endpoint.close)
  return { endpoint: endpoint.url, value: (name: string) => values.get(idOf(name)) }
}

/**
 * The name of a secret from its logical id, such as MasterToken in
 * ServiceSecretsMasterTokenE0CFD17D.
 */
const secretName = (id: string) => /Secrets(\w+?)[0-9A-F]{8}$/.exec(id)?.[1]

/** An object with this member, or an empty object when the value is undefined. */
export const optional = <Name extends string>(name: Name, value: string | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { readonly [N in Name]?: string }
