import { Stack } from 'aws-cdk-lib'
import { type IManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam'
import type { ILogGroup } from 'aws-cdk-lib/aws-logs'
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import { shadowedMembers } from '../lib/metadata/shadowed-members.ts'
import {
  parseSettings,
  type Settings,
  SettingsError,
  type SettingsInput,
} from '../lib/settings/settings.ts'
import { annotateAnonymousRegistration } from './anonymous-registration.ts'
import { EndpointFunction, type Network } from './api/endpoint-function.ts'
import { endpoints } from './api/endpoints.ts'
import { grantKey, grantSecrets, grantTable } from './api/grants.ts'
import { RegistrationApi } from './api/registration-api.ts'
import { bundles } from './bundling/bundle.ts'
import { rejectUnknownPolicies } from './bundling/extension-policies.ts'
import { type AnyClientTable, ClientTable } from './client-table.ts'
import { Events, type EventsProps } from './events.ts'
import { type Existing, existingOf } from './existing.ts'
import { Monitoring } from './monitoring/monitoring.ts'
import { CustomDomain } from './options/custom-domain.ts'
import { customerManagedKey } from './options/customer-managed-key.ts'
import { Firewall } from './options/firewall.ts'
import { Secrets } from './secrets.ts'

export type ClientRegistrationServiceProps = {
  readonly settings: SettingsInput
  /**
   * Begins whatever it names in the account, and tells its metrics apart; the stack's name and its own path unless
   * given. A change loses the logs of requests, the history of alarms and the past of metrics.
   */
  readonly name?: string | undefined
  /** A folder of the team's own whose files stand in for those of the same name in functions/extensions. */
  readonly extensions?: string | undefined
  /** Where the Lambdas run; outside of any VPC unless given. */
  readonly network?: Network | undefined
  /** Bounds every role that is made here. */
  readonly permissionsBoundary?: IManagedPolicy | undefined
  /** Where every alarm is told; one is made unless it or the setting `alarms.topic` is given. */
  readonly alarmTopic?: ITopic | undefined
  /** A table and a key ring to go on with, in place of those that would be made; as the setting `existing`. */
  readonly existing?: Existing | undefined
  /** Where events are published (lib/events/README.md); the account's default bus unless given. */
  readonly eventBus?: EventsProps['eventBus']
}

/** The whole service, for this app or for another team's: table, secrets, HTTP API, a Lambda per endpoint. */
export class ClientRegistrationService extends Construct {
  /** URL at which callers are served, without a trailing slash. */
  readonly url: string
  /** The host that the DNS of a custom domain has to name, where no hosted zone is given it. */
  readonly dnsTarget: string | undefined
  /** Where clients register (RFC 7591 §3). */
  readonly registrationEndpoint: string
  /** The one table, for an authorization server that reads clients itself. */
  readonly table: AnyClientTable
  /** The operator's token. */
  readonly masterToken: Secret
  /** Where every alarm is told; none where alarms are off. */
  readonly alarmTopic: ITopic | undefined
  /** Where API Gateway tells each request, with its address. */
  readonly accessLog: ILogGroup
  /** What publishes the changes of the table. */
  readonly events: Events

  constructor(scope: Construct, id: string, props: ClientRegistrationServiceProps) {
    super(scope, id)
    const settings = parseSettings(props.settings)
    const { name = nameOf(this), network, permissionsBoundary } = props
    if (permissionsBoundary) PermissionsBoundary.of(this).apply(permissionsBoundary)
    refuseRedeclared(settings)
    rejectUnknownPolicies(settings, props.extensions)
    annotateAnonymousRegistration(this, settings)
    const encryptionKey = customerManagedKey(this, 'Key', settings)
    const existing = props.existing ?? existingOf(this, settings)
    const table = existing?.table ?? new ClientTable(this, 'Table', { encryptionKey })
    const secrets = new Secrets(this, 'Secrets', {
      keyRing: existing?.keyRing,
      staticInitialAccessToken: settings.initialAccessToken.static,
      encryptionKey,
    })
    const endpointTable = endpoints(settings, props.extensions)
    const behindFirewall = settings.firewall.enabled
    const others = behindFirewall ? [publishEvents, authorizeOrigin] : [publishEvents]
    const names = [...endpointTable.map(({ name }) => name), ...others]
    const codeOf = bundles({ names, settings, extensions: props.extensions })

    const { customDomain } = settings
    const domain =
      customDomain && !behindFirewall ? new CustomDomain(this, 'Domain', customDomain) : undefined
    const api = new RegistrationApi(this, 'Api', { name, settings, domain, encryptionKey })
    const code = behindFirewall ? codeOf(authorizeOrigin) : undefined
    const firewall =
      code &&
      new Firewall(this, 'Firewall', {
        name,
        apiUrl: api.url,
        code,
        settings,
        encryptionKey,
        network,
      })
    const { url } = firewall ?? api

    const lambdas: EndpointFunction[] = []
    for (const { name: file, routes, ...grants } of endpointTable) {
      const lambda = new EndpointFunction(this, pascalCase(file), {
        name: file,
        code: codeOf(file),
        settings,
        encryptionKey,
        network,
        environment: {
          API_URL: url,
          STAGE: name,
          ...(grants.table.length > 0 && { TABLE_NAME: table.tableName }),
          ...secrets.environment(grants.secrets),
        },
      })
      grantTable(lambda, table, grants.table)
      if (grants.table.length > 0) grantKey(lambda, encryptionKey, 'dynamodb')
      grantSecrets(lambda, secrets.pick(grants.secrets))
      if (grants.secrets.length > 0) grantKey(lambda, encryptionKey, 'secretsmanager')
      api.route(file, routes, lambda.invokable, firewall?.origin.authorizer)
      lambdas.push(lambda)
    }

    this.events = new Events(this, 'Events', {
      table,
      code: codeOf(publishEvents),
      eventBus: props.eventBus,
      settings,
      encryptionKey,
      network,
    })
    const watch = new Monitoring(this, 'Watch', {
      name,
      api,
      endpoints: lambdas,
      others: [this.events.lambda, ...(firewall ? [firewall.origin.lambda] : [])],
      table,
      events: this.events,
      settings: settings.alarms,
      topic: props.alarmTopic,
      encryptionKey,
    })

    this.url = url
    this.registrationEndpoint = `${settings.baseUrl ?? url}${settings.registrationPath}`
    this.dnsTarget = firewall?.dnsTarget ?? domain?.regionalDomainName
    this.table = table
    this.masterToken = secrets.masterToken
    this.alarmTopic = watch.topic
    this.accessLog = api.accessLog
  }
}

/** Files of functions/ like those of the endpoints, but called by the table's stream and by API Gateway itself. */
const publishEvents = 'publish-events'
const authorizeOrigin = 'authorize-origin'

/** The name of the stack, then its path inside. */
const nameOf = (service: Construct): string =>
  [
    Stack.of(service).stackName,
    ...service.node.path.split('/').slice(Stack.of(service).node.scopes.length - 1),
  ]
    .join('-')
    .replaceAll(/[^A-Za-z0-9-]+/g, '-')

const pascalCase = (name: string) =>
  name.replace(/(^|-)([a-z])/g, (_match, _hyphen, letter: string) => letter.toUpperCase())

/** Only synthesis has the names of all members at hand; a Lambda does not carry them. */
function refuseRedeclared(settings: Settings): void {
  const names = shadowedMembers(settings)
  if (names.length === 0) return
  throw new SettingsError(
    names.map(
      (name) => `metadata.unknown.allow.${name}: is a standard member and cannot be redeclared`,
    ),
  )
}
