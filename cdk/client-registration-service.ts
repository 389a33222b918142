import type { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import { Construct } from 'constructs'
import { redeclared } from '../lib/metadata/redeclared.ts'
import {
  parseSettings,
  type Settings,
  SettingsError,
  type SettingsInput,
} from '../lib/settings/settings.ts'
import { bundles } from './bundle.ts'
import { ClientTable } from './client-table.ts'
import { EndpointFunction } from './endpoint-function.ts'
import { endpoints } from './endpoints.ts'
import { grantSecrets, grantTable } from './grants.ts'
import { RegistrationApi } from './registration-api.ts'
import { Secrets } from './secrets.ts'

export type ClientRegistrationServiceProps = {
  readonly settings: SettingsInput
  /** A folder of the team's own whose files stand in for those of the same name in functions/extensions. */
  readonly extensions?: string | undefined
}

/** The whole service, for this app or for another team's: table, secrets, HTTP API, a Lambda per endpoint. */
export class ClientRegistrationService extends Construct {
  /** URL of the HTTP API as deployed, without a trailing slash. */
  readonly url: string
  /** Where clients register (RFC 7591 §3). */
  readonly registrationEndpoint: string
  /** The one table, for an authorization server that reads clients itself. */
  readonly table: ClientTable
  /** The operator's token. */
  readonly masterToken: Secret

  constructor(scope: Construct, id: string, props: ClientRegistrationServiceProps) {
    super(scope, id)
    const settings = parseSettings(props.settings)
    refuseRedeclared(settings)
    const table = new ClientTable(this, 'Table')
    const secrets = new Secrets(this, 'Secrets', {
      staticInitialAccessToken: settings.initialAccessToken.static,
    })
    const api = new RegistrationApi(this, 'Api', settings)

    const all = endpoints(settings)
    const names = all.map(({ name }) => name)
    const codeOf = bundles({ names, settings, extensions: props.extensions })
    for (const { name, routes, ...may } of all) {
      const lambda = new EndpointFunction(this, pascalCase(name), {
        code: codeOf(name),
        environment: {
          API_URL: api.url,
          ...(may.table.length > 0 && { TABLE_NAME: table.tableName }),
          ...secrets.environment(may.secrets),
        },
      })
      for (const items of may.table) grantTable(lambda, table, items)
      grantSecrets(lambda, secrets.pick(may.secrets))
      api.route(name, routes, lambda)
    }

    this.url = api.url
    this.registrationEndpoint = `${settings.baseUrl ?? api.url}${settings.registrationPath}`
    this.table = table
    this.masterToken = secrets.masterToken
  }
}

const pascalCase = (name: string) =>
  name.replace(/(^|-)([a-z])/g, (_match, _hyphen, letter: string) => letter.toUpperCase())

/** Only synthesis has the names of all members at hand; a Lambda does not carry them. */
function refuseRedeclared(settings: Settings): void {
  const names = redeclared(settings)
  if (names.length === 0) return
  throw new SettingsError(
    names.map((name) => `metadata.unknown.allow.${name}: has a rule of its own; leave it out`),
  )
}
