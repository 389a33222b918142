import { Construct } from 'constructs'
import { connectorSecrets } from '../../lib/settings/connector-settings.ts'
import type { AnyClientTable } from '../client-table.ts'
import type { Secrets } from '../secrets.ts'
import type { StageSettings } from '../settings/settings.ts'
import type { Edge } from './edge.ts'
import { type Endpoint, type EndpointName, endpoints } from './endpoints.ts'
import { grantKey, grantSecrets, grantSecretValues, grantTable, grantUserPools } from './grants.ts'
import { type LambdaOptions, ServiceFunction } from './service-function.ts'
import { tableUses } from './table-uses.ts'

export type EndpointFunctionsProps = LambdaOptions & {
  /** Name of the service, and the stage dimension of its metrics. */
  readonly name: string
  readonly edge: Edge
  readonly table: AnyClientTable
  readonly secrets: Secrets
  readonly settings: StageSettings
  /** A folder of extensions that replaces functions/extensions. */
  readonly extensions?: string | undefined
}

/** One Lambda for each endpoint that has a route, with its permissions. */
export class EndpointFunctions extends Construct {
  readonly all: readonly ServiceFunction[]

  constructor(scope: Construct, id: string, props: EndpointFunctionsProps) {
    super(scope, id)
    const { name: stage, edge, table, secrets, settings, extensions, encryptionKey } = props
    const uses = tableUses(settings, extensions)
    this.all = (Object.keys(endpoints) as EndpointName[]).flatMap((name) => {
      const endpoint: Endpoint = endpoints[name]
      const paths = Object.keys(endpoint.routes(settings))
      if (paths.length === 0) return []
      const grants = endpoint.table(uses)
      const lambda = new ServiceFunction(this, pascalCase(name), {
        ...props,
        name,
        environment: {
          API_URL: edge.url,
          STAGE: stage,
          ...(grants.length > 0 && { TABLE_NAME: table.tableName }),
          ...secrets.environment(endpoint.secrets),
        },
      })
      grantTable(lambda, table, grants)
      if (grants.length > 0) grantKey(lambda, encryptionKey, 'dynamodb')
      grantSecrets(lambda, secrets.pick(endpoint.secrets))
      if (name === 'register-client') grantConnectorSecrets(lambda, settings)
      if (endpoint.secrets.length > 0) grantKey(lambda, encryptionKey, 'secretsmanager')
      edge.api.route(name, paths, lambda.invokable, edge.origin?.authorizer)
      return [lambda]
    })
  }
}

/** A registration is pushed before it is answered. */
function grantConnectorSecrets(lambda: ServiceFunction, { connectors }: StageSettings) {
  const synchronous = connectors.filter((connector) => connector.synchronous)
  const secrets = connectorSecrets(synchronous)
  if (secrets.length > 0) grantSecretValues(lambda, secrets)
  grantUserPools(lambda, connectors)
}

const pascalCase = (name: string) =>
  name.replace(/(^|-)([a-z])/g, (_match, _hyphen, letter: string) => letter.toUpperCase())
