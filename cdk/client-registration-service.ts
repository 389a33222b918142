import { Stack } from 'aws-cdk-lib'
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
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
import { Events, type EventsProps } from './events.ts'
import { grantSecrets, grantTable } from './grants.ts'
import { RegistrationApi } from './registration-api.ts'
import { Secrets } from './secrets.ts'
import { Watch } from './watch.ts'

export type ClientRegistrationServiceProps = {
  readonly settings: SettingsInput
  /** A folder of the team's own whose files stand in for those of the same name in functions/extensions. */
  readonly extensions?: string | undefined
  /** Where events are published (lib/events/README.md); the account's default bus unless given. */
  readonly eventBus?: EventsProps['eventBus']
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
  /** Where every alarm is told. */
  readonly alarmTopic: ITopic
  /** What publishes the changes of the table. */
  readonly events: Events

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
    const names = [...all.map(({ name }) => name), publishEvents]
    const codeOf = bundles({ names, settings, extensions: props.extensions })
    const lambdas: EndpointFunction[] = []
    for (const { name, routes, ...may } of all) {
      const lambda = new EndpointFunction(this, pascalCase(name), {
        code: codeOf(name),
        log: settings.log,
        environment: {
          API_URL: api.url,
          STAGE: Stack.of(this).stackName,
          ...(may.table.length > 0 && { TABLE_NAME: table.tableName }),
          ...secrets.environment(may.secrets),
        },
      })
      for (const items of may.table) grantTable(lambda, table, items)
      grantSecrets(lambda, secrets.pick(may.secrets))
      api.route(name, routes, lambda)
      lambdas.push(lambda)
    }

    this.events = new Events(this, 'Events', {
      table,
      code: codeOf(publishEvents),
      eventBus: props.eventBus,
      log: settings.log,
    })
    const watch = new Watch(this, 'Watch', { api, endpoints: lambdas, table, events: this.events })

    this.url = api.url
    this.registrationEndpoint = `${settings.baseUrl ?? api.url}${settings.registrationPath}`
    this.table = table
    this.masterToken = secrets.masterToken
    this.alarmTopic = watch.topic
  }
}

/** A file of functions/ like those of the endpoints, but called by the table's stream. */
const publishEvents = 'publish-events'

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
