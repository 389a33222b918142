import type { StageSettingsInput } from '../settings/settings.ts'
import type { PublishedEvent } from './event-bus.ts'

/** Options of the local service. */
export type ServiceOptions = {
  /** Stage of cdk.json to serve; with `settings`, any name. Default: the first stage. */
  readonly stage?: string
  /** Settings to use instead of the stage's. */
  readonly settings?: StageSettingsInput
  /** A folder of extensions that replaces functions/extensions. */
  readonly extensions?: string
  /** Port to listen on. Default: 0, any free port. */
  readonly port?: number
  /** Folder that stores the table and the secrets between runs. Default: in memory. */
  readonly dataDirectory?: string
  /** Endpoint of a running DynamoDB. Default: an embedded one. */
  readonly dynamodbEndpoint?: string
  readonly masterToken?: string
  readonly staticInitialAccessToken?: string
  /** Values of the secrets that the stack does not create, such as a connector's, by ARN. */
  readonly secrets?: Readonly<Record<string, string>>
  /** Called with every line that a Lambda logs. */
  readonly log?: (line: string) => void
  /** Called with every published event (lib/events/README.md). */
  readonly onEvent?: (event: PublishedEvent) => void
  /** Called with each start-up step. */
  readonly progress?: (step: string) => void
  /** The clock of the API, in milliseconds since 1970. Only tests set it. */
  readonly clock?: () => number
  /** Aborts a start in progress. */
  readonly signal?: AbortSignal
}
