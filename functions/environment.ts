/**
 * What the CDK app and a Lambda agree on: the names of its environment variables.
 * Settings are not here (a file beside the code holds them), secrets never are (only their names).
 */
export type Environment = {
  /** Name of the one table. */
  readonly TABLE_NAME?: string
  /** URL at which the API is deployed, without a trailing slash; settings.baseUrl overrides it. */
  readonly API_URL?: string
  /** Secrets Manager id of the key ring. */
  readonly KEY_RING_SECRET?: string
  /** Secrets Manager id of the master token. */
  readonly MASTER_TOKEN_SECRET?: string
  /** Secrets Manager id of the static initial access token, where settings.initialAccessToken.static. */
  readonly STATIC_INITIAL_ACCESS_TOKEN_SECRET?: string
  /** Secrets Manager id of the keys that CloudFront shows, where settings.firewall.enabled. */
  readonly ORIGIN_KEYS_SECRET?: string
  /** What this stage's metrics are told apart by. */
  readonly STAGE?: string
  /** The least that is logged, in capitals: `DEBUG`, `INFO`, `WARN`, `ERROR`. */
  readonly POWERTOOLS_LOG_LEVEL?: string
  /** ARN of the EventBridge bus that events are published on. */
  readonly EVENT_BUS_ARN?: string
  /** Where what can never be published is kept. */
  readonly DEAD_LETTER_QUEUE_URL?: string
}

/** The header by which CloudFront shows an origin key to the API. */
export const originKeyHeader = 'x-origin-key'

/** The file of settings that the CDK app bundles beside each Lambda's code. */
export const settingsFile = 'settings.json'

/** The operator's page, a file that the CDK app bundles beside the code of `clients`. */
export const applicationsFile = 'applications.html'

/** The value of a variable this Lambda cannot work without; throws an Error that names it. */
export function required(environment: Environment, name: keyof Environment): string {
  const value = environment[name]
  if (value === undefined || value === '')
    throw new Error(`environment variable ${name} is not set`)
  return value
}
