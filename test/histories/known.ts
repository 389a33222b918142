/** One step of a caller. The numbers choose among what is known when the step begins. */
export type Step = {
  readonly operation: string
  readonly subject: number
  readonly credential: number
  readonly variant: number
}

export type KnownClient = {
  readonly key: string
  readonly client_id: string
  /** Registration access tokens in the order of their responses. */
  readonly tokens: string[]
  /** Client secrets in the order of their responses. */
  readonly secrets: string[]
}

export type KnownInitialAccessToken = {
  readonly key: string
  readonly id: string
  readonly token: string
}

export type KnownRegistration = {
  readonly key: string
  readonly registration_code: string
  readonly verification_code: string
}

/** What the responses of one history have shown to its callers, who share it. */
export type Known = {
  readonly clients: KnownClient[]
  readonly initialAccessTokens: KnownInitialAccessToken[]
  readonly registrations: KnownRegistration[]
  /** Single-use JWT access tokens. */
  readonly accessTokens: readonly string[]
  /** Whether equal registrations share a client. */
  readonly sharing: boolean
  /** Distinguishes the clients of this history in the table. */
  readonly history: string
}

/** The newest for 0, the one before it for 1. */
export const newest = <Item>(items: readonly Item[], back: number): Item | undefined =>
  items[items.length - 1 - (back % items.length)]

export const clientOf = ({ clients }: Known, key: string): KnownClient | undefined =>
  clients.find((client) => client.key === key)

/** Adds the client secret of a response. */
export function learnSecret(known: Known, key: string, secret: string | undefined): void {
  const secrets = clientOf(known, key)?.secrets
  if (secret !== undefined && secrets?.includes(secret) === false) secrets.push(secret)
}

/** Adds the token of a response. */
export function learnToken(known: Known, key: string, token: string | undefined): void {
  const tokens = clientOf(known, key)?.tokens
  if (token !== undefined && tokens?.includes(token) === false) tokens.push(token)
}
