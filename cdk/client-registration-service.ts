import { Stack } from 'aws-cdk-lib'
import { type IManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam'
import type { ILogGroup } from 'aws-cdk-lib/aws-logs'
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import { shadowedMembers } from '../lib/metadata/shadowed-members.ts'
import { SettingsError } from '../lib/settings/settings.ts'
import { annotateAnonymousRegistration } from './anonymous-registration.ts'
import { EndpointFunction, type Network } from './api/endpoint-function.ts'
import { type Endpoint, type EndpointName, endpoints } from './api/endpoints.ts'
import { grantKey, grantSecrets, grantTable } from './api/grants.ts'
import { RegistrationApi } from './api/registration-api.ts'
import { tableUses } from './api/table-uses.ts'
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
import {
  parseStageSettings,
  type StageSettings,
  type StageSettingsInput,
  serviceSettings,
} from './settings/settings.ts'

export type ClientRegistrationServiceProps = {
  readonly settings: StageSettingsInput
  /**
   * Prefix of all names in the account, and the stage dimension of the service's metrics. Default:
   * the stack name and the construct path. A change starts new request logs, alarm history and
   * metrics; the old ones are not carried over.
   */
  readonly name?: string | undefined
  /** A folder of extensions. Its files replace those of the same name in functions/extensions. */
  readonly extensions?: string | undefined
  /** The VPC of the Lambdas. Default: no VPC. */
  readonly network?: Network | undefined
  /** Permissions boundary for every role that this construct creates. */
  readonly permissionsBoundary?: IManagedPolicy | undefined
  /** Topic that every alarm notifies. Default: the setting `alarms.topic`, or else a new topic. */
  readonly alarmTopic?: ITopic | undefined
  /**
   * An existing table and key ring to use instead of new ones; overrides the setting `existing`.
   */
  readonly existing?: Existing | undefined
  /** Bus that receives the events (lib/events/README.md). Default: the account's default bus. */
  readonly eventBus?: EventsProps['eventBus']
}

/**
 * The complete service as one construct, for this app or another: table, secrets, HTTP API, and one
 * Lambda per endpoint. Throws SettingsError for invalid settings.
 */
export class ClientRegistrationService extends Construct {
  /** Base URL of the service, without a trailing slash. */
  readonly url: string
  /**
   * Target host for the DNS record of a custom domain. Needed when no hosted zone is configured.
   */
  readonly dnsTarget: string | undefined
  /** URL of the client registration endpoint (RFC 7591 §3). */
  readonly registrationEndpoint: string
  /** The table, for an authorization server that reads clients directly. */
  readonly table: AnyClientTable
  /** Secret that holds the operator's master token. */
  readonly masterToken: Secret
  /** Topic that every alarm notifies; undefined when alarms are disabled. */
  readonly alarmTopic: ITopic | undefined
  /** API Gateway access log: one line per request, with the client's IP address. */
  readonly accessLog: ILogGroup
  /** The event publisher of the table's stream. */
  readonly events: Events

  constructor(scope: Construct, id: string, props: ClientRegistrationServiceProps) {
    super(scope, id)
    const settings = parseStageSettings(props.settings)
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
    const served = Object.entries<Endpoint>(endpoints).filter(
      ([, { routes }]) => Object.keys(routes(settings)).length > 0,
    )
    const uses = tableUses(settings, props.extensions)
    const behindFirewall = settings.firewall.enabled
    const others = behindFirewall ? [publishEvents, authorizeOrigin] : [publishEvents]
    const codeOf = bundles({
      endpoints: served.map(([file]) => file),
      others,
      settings: serviceSettings(settings),
      extensions: props.extensions,
    })

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
    for (const [file, { routes, table: grantsBy, secrets: secretNames }] of served) {
      const grants = grantsBy(uses)
      const lambda = new EndpointFunction(this, pascalCase(file), {
        name: file as EndpointName,
        code: codeOf(file),
        settings,
        encryptionKey,
        network,
        environment: {
          API_URL: url,
          STAGE: name,
          ...(grants.length > 0 && { TABLE_NAME: table.tableName }),
          ...secrets.environment(secretNames),
        },
      })
      grantTable(lambda, table, grants)
      if (grants.length > 0) grantKey(lambda, encryptionKey, 'dynamodb')
      grantSecrets(lambda, secrets.pick(secretNames))
      if (secretNames.length > 0) grantKey(lambda, encryptionKey, 'secretsmanager')
      api.route(file, Object.keys(routes(settings)), lambda.invokable, firewall?.origin.authorizer)
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

/**
 * Entry points in functions/ that are not endpoints: the table's stream invokes the first, the API
 * Gateway authorizer the second.
 */
const publishEvents = 'publish-events'
const authorizeOrigin = 'authorize-origin'

/** Default name: the stack name, then the construct path inside the stack. */
const nameOf = (service: Construct): string =>
  [
    Stack.of(service).stackName,
    ...service.node.path.split('/').slice(Stack.of(service).node.scopes.length - 1),
  ]
    .join('-')
    .replaceAll(/[^A-Za-z0-9-]+/g, '-')

const pascalCase = (name: string) =>
  name.replace(/(^|-)([a-z])/g, (_match, _hyphen, letter: string) => letter.toUpperCase())

/**
 * Checked at synthesis because the Lambdas do not bundle the full list of standard members. Throws
 * SettingsError.
 */
function refuseRedeclared(settings: StageSettings): void {
  const names = shadowedMembers(settings)
  if (names.length === 0) return
  throw new SettingsError(
    names.map(
      (name) => `metadata.unknown.allow.${name}: is a standard member and cannot be redeclared`,
    ),
  )
}
