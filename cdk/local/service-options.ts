import type { SettingsInput } from '../../lib/settings/settings.ts'
import type { PublishedEvent } from './event-bus.ts'

/** What can be asked of the local service. */
export type ServiceOptions = {
  /** The stage of cdk.json that is served, or any other where there are settings; the first one unless given. */
  readonly stage?: string
  /** Replaces the stage's settings. */
  readonly settings?: SettingsInput
  /** A folder of extensions in place of functions/extensions. */
  readonly extensions?: string
  /** 0, the default, is any free port. */
  readonly port?: number
  /** Keeps the table and the secrets here between runs; otherwise they are in memory. */
  readonly dataDirectory?: string
  /** A DynamoDB that is running already. */
  readonly dynamodbEndpoint?: string
  readonly masterToken?: string
  readonly staticInitialAccessToken?: string
  /** Every line that a Lambda writes. */
  readonly log?: (line: string) => void
  /** Every event that would be published (lib/events/README.md). */
  readonly onEvent?: (event: PublishedEvent) => void
  /** What is being done now. */
  readonly progress?: (step: string) => void
  /** Ends a start that is under way. */
  readonly signal?: AbortSignal
}
