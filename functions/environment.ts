/**
 * The environment variables that the CDK app sets and a Lambda reads. Settings are in a file that
 * is bundled with the code. Secrets are never in the environment, only their ids.
 */
export type Environment = {
  /** Name of the DynamoDB table. */
  readonly TABLE_NAME?: string
  /** Base URL of the deployed API, without a trailing slash. settings.baseUrl overrides it. */
  readonly API_URL?: string
  /** Secrets Manager id of the key ring of registration access tokens. */
  readonly KEY_RING_SECRET?: string
  /** Secrets Manager id of the key ring of client secrets. */
  readonly CLIENT_SECRET_KEY_RING_SECRET?: string
  /** Secrets Manager id of the master token. */
  readonly MASTER_TOKEN_SECRET?: string
  /** Secrets Manager id of the static initial access token, if enabled in the settings. */
  readonly STATIC_INITIAL_ACCESS_TOKEN_SECRET?: string
  /** Secrets Manager id of the origin keys that CloudFront sends, if settings.firewall.enabled. */
  readonly ORIGIN_KEYS_SECRET?: string
  /** Value of the `stage` dimension of all metrics. */
  readonly STAGE?: string
  /** Minimum log level, in capitals: `DEBUG`, `INFO`, `WARN`, `ERROR` or `SILENT`. */
  readonly LOG_LEVEL?: string
  /** ARN of the EventBridge bus to which events are published. */
  readonly EVENT_BUS_ARN?: string
  /** URL of the SQS queue for stream records that can never be published. */
  readonly DEAD_LETTER_QUEUE_URL?: string
}

/** A variable that holds the id of a secret. */
export type SecretVariable = Extract<keyof Environment, `${string}_SECRET`>

/** The header in which CloudFront sends an origin key to the API. */
export const originKeyHeader = 'x-origin-key'

/** The settings file, which the CDK app bundles with the code of each Lambda. */
export const settingsFile = 'settings.json'

/** The operator's console, which the CDK app bundles with the code of the `clients` Lambda. */
export const applicationsFile = 'applications.html'

/** The OpenAPI document, which the CDK app bundles with the code of the `discovery` Lambda. */
export const openapiFile = 'openapi.json'

/** Returns a mandatory variable. Throws an Error that names the variable if it is not set. */
export function required(environment: Environment, name: keyof Environment): string {
  const value = environment[name]
  if (value === undefined || value === '')
    throw new Error(`environment variable ${name} is not set`)
  return value
}
