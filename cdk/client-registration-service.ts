import { Stack } from 'aws-cdk-lib'
import { type IGrantable, type IManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { ILogGroup } from 'aws-cdk-lib/aws-logs'
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import { annotateAnonymousRegistration } from './anonymous-registration.ts'
import { Edge } from './api/edge.ts'
import { EndpointFunctions } from './api/endpoint-functions.ts'
import { grantKey, grantSecretValues, grantTable, grantUseWrites } from './api/grants.ts'
import type { LambdaDefaults, Network } from './api/service-function.ts'
import { bundles } from './bundling/bundle.ts'
import { rejectUnknownPolicies } from './bundling/extension-policies.ts'
import { CleanUp } from './clean-up.ts'
import { type AnyClientTable, ClientTable } from './client-table.ts'
import { Connectors } from './connectors.ts'
import { Events, type EventsProps } from './events.ts'
import { type Existing, existingOf } from './existing.ts'
import { Monitoring } from './monitoring/monitoring.ts'
import { customerManagedKey } from './options/customer-managed-key.ts'
import { Secrets } from './secrets.ts'
import {
  parseStageSettings,
  type StageSettingsInput,
  serviceSettings,
} from './settings/settings.ts'
import { UseEvents } from './use-events.ts'

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
  /** Memory, architecture, layers and Lambda Insights of every Lambda. */
  readonly lambdaDefaults?: LambdaDefaults | undefined
  /** Permissions boundary for every role that this construct creates. */
  readonly permissionsBoundary?: IManagedPolicy | undefined
  /** Topic that every alarm notifies. Default: the setting `alarms.topic`, or else a new topic. */
  readonly alarmTopic?: ITopic | undefined
  /**
   * An existing table and key rings to use instead of new ones; overrides the setting `existing`.
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
  /** Every secret of the service. */
  readonly secrets: Secrets
  /** HTTP API, domain and firewall. */
  readonly edge: Edge
  /** The Lambda of each endpoint, with its role and log group. */
  readonly endpoints: EndpointFunctions
  /** Dashboard, alarms and saved queries. */
  readonly monitoring: Monitoring
  /** Topic that every alarm notifies; undefined when alarms are disabled. */
  readonly alarmTopic: ITopic | undefined
  /** API Gateway access log: one line per request, with the client's IP address. */
  readonly accessLog: ILogGroup
  /** The event publisher of the table's stream. */
  readonly events: Events
  /** The nightly clean-up; undefined without the setting `cleanUp`. */
  readonly cleanUp: CleanUp | undefined
  /** Receives reports of use as events; undefined without the setting `useEventSource`. */
  readonly useEvents: UseEvents | undefined
  /** Pushes clients to other servers; undefined without the setting `connectors`. */
  readonly connectors: Connectors | undefined
  readonly #encryptionKey: IKey | undefined

  constructor(scope: Construct, id: string, props: ClientRegistrationServiceProps) {
    super(scope, id)
    const settings = parseStageSettings(props.settings)
    const {
      name = nameOf(this),
      extensions,
      network,
      eventBus,
      permissionsBoundary,
      lambdaDefaults,
    } = props
    if (permissionsBoundary) PermissionsBoundary.of(this).apply(permissionsBoundary)
    rejectUnknownPolicies(settings, extensions)
    annotateAnonymousRegistration(this, settings)

    const encryptionKey = customerManagedKey(this, 'Key', settings)
    const cleansUp = settings.cleanUp.mode !== 'off'
    const existing = props.existing ?? existingOf(this, settings)
    const { findClientsBy } = settings
    const table =
      existing?.table ?? new ClientTable(this, 'Table', { encryptionKey, cleansUp, findClientsBy })
    this.secrets = new Secrets(this, 'Secrets', {
      keyRing: existing?.keyRing,
      clientSecretKeyRing: existing?.clientSecretKeyRing,
      staticInitialAccessToken: settings.initialAccessToken.static,
      encryptionKey,
    })
    const code = bundles({ settings: serviceSettings(settings), extensions })
    const common = { name, settings, code, encryptionKey, network, lambdaDefaults }
    // No logical id contains `Default`: what these two hold has the ids that it had without them.
    this.edge = new Edge(this, 'Default', common)
    this.endpoints = new EndpointFunctions(this.edge, 'Default', {
      ...common,
      edge: this.edge,
      table,
      secrets: this.secrets,
      extensions,
    })
    this.events = new Events(this, 'Events', { ...common, table, eventBus })
    this.cleanUp = cleansUp ? new CleanUp(this, 'Life', { ...common, table }) : undefined
    const { useEventSource: source } = settings
    this.useEvents =
      source === undefined
        ? undefined
        : new UseEvents(this, 'Use', { ...common, table, source, eventBus })
    this.connectors =
      settings.connectors.length === 0
        ? undefined
        : new Connectors(this, 'Push', { ...common, table, secrets: this.secrets, eventBus })
    this.monitoring = new Monitoring(this, 'Watch', {
      name,
      api: this.edge.api,
      endpoints: this.endpoints.all,
      others: [this.events, this.edge.origin].flatMap((part) => part?.lambda ?? []),
      background: [
        ...[this.cleanUp, this.useEvents].flatMap((part) => part?.lambda ?? []),
        ...(this.connectors ? [this.connectors.push, this.connectors.reconcile] : []),
      ],
      table,
      events: this.events,
      cleansUp: settings.cleanUp.mode === 'on',
      pushesClients: this.connectors !== undefined,
      fillsUserPool: settings.connectors.some(({ type }) => type === 'cognito'),
      settings: settings.alarms,
      topic: props.alarmTopic,
      encryptionKey,
    })

    this.url = this.edge.url
    this.registrationEndpoint = `${settings.baseUrl ?? this.edge.url}${settings.registrationPath}`
    this.dnsTarget = this.edge.dnsTarget
    this.table = table
    this.masterToken = this.secrets.masterToken
    this.#encryptionKey = encryptionKey
    this.alarmTopic = this.monitoring.topic
    this.accessLog = this.edge.api.accessLog
  }

  /**
   * Lets an authorization server of the same account read clients, and nothing else of the table:
   * `dynamodb:GetItem` on items whose key begins with `CLIENT#`. With a customer managed key, also
   * `kms:Decrypt`, through DynamoDB only.
   */
  grantReadClients(grantee: IGrantable): void {
    grantTable(grantee, this.table, [{ actions: ['GetItem'], keys: ['CLIENT#*'] }])
    grantKey(grantee, this.#encryptionKey, 'dynamodb', ['Decrypt'])
  }

  /**
   * Lets an authorization server of the same account record that clients were used:
   * `dynamodb:UpdateItem` on the two times of a client, its `sequence`, and the item that says when
   * use was last reported. Nothing else of a client can be written with it.
   */
  grantRecordUse(grantee: IGrantable): void {
    grantUseWrites(grantee, this.table)
    grantKey(grantee, this.#encryptionKey, 'dynamodb')
  }

  /**
   * Lets an authorization server read clients like `grantReadClients` and decrypt their secrets:
   * also `secretsmanager:GetSecretValue` on `secrets.clientSecretKeyRing` and, with a customer managed key,
   * `kms:Decrypt` through Secrets Manager. Only servers that use secrets as keys need it, as for
   * `client_secret_jwt` and HS256.
   *
   * With `includeKeyRing`, the same on `secrets.keyRing`, which decrypts secrets that a version before
   * 0.2 stored, and from which registration access tokens are derived.
   */
  grantReadClientSecrets(
    grantee: IGrantable,
    { includeKeyRing = false }: { readonly includeKeyRing?: boolean } = {},
  ): void {
    this.grantReadClients(grantee)
    const { keyRing, clientSecretKeyRing } = this.secrets
    const before = includeKeyRing ? [keyRing] : []
    grantSecretValues(grantee, [clientSecretKeyRing, ...before])
    grantKey(grantee, this.#encryptionKey, 'secretsmanager')
  }
}

/** Default name: the stack name, then the construct path inside the stack. */
const nameOf = (service: Construct): string =>
  [
    Stack.of(service).stackName,
    ...service.node.path.split('/').slice(Stack.of(service).node.scopes.length - 1),
  ]
    .join('-')
    .replaceAll(/[^A-Za-z0-9-]+/g, '-')
