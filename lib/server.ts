import type { Trust } from './jwt/trust.ts'
import type { Policies } from './policy/policy.ts'
import type { ClientAdminStore } from './ports/client-admin-store.ts'
import type { ClientStore } from './ports/client-store.ts'
import type { FetchJson } from './ports/fetch-json.ts'
import type { InitialAccessTokenStore } from './ports/initial-access-token-store.ts'
import type { Annotate } from './ports/request-log-fields.ts'
import type { Settings } from './settings/schema.ts'
import type { KeyRingSource } from './tokens/key-ring.ts'

/** Whether a bearer is a secret that the operator holds; compared by digest in constant time. */
export type SecretCheck = (bearer: string) => Promise<boolean>

/** What mints identifiers and secrets: the server's own, or what the deploying team has put in their place. */
export type Generators = {
  readonly clientId: () => string | Promise<string>
  readonly clientSecret: () => string | Promise<string>
}

/** What the authorization server is called, and how it is set up. */
export type ServerConfig = {
  readonly settings: Settings
  /** RFC 8414 §2 `issuer`. */
  readonly issuer: string
  /** Absolute URL of the client registration endpoint. */
  readonly registrationEndpoint: string
}

/** The authorization server that an operation works for: its settings, its names and its ports. */
export type Server = ServerConfig & {
  readonly clients: ClientStore
  readonly directory: ClientAdminStore
  readonly initialAccessTokens: InitialAccessTokenStore
  readonly keyRing: KeyRingSource
  /** Reads a document from a URL that a client named. */
  readonly fetchJson: FetchJson
  readonly trust: Trust
  readonly policies: Policies
  /** Draws client identifiers and secrets (RFC 7591 §3.2.1). */
  readonly generators: Generators
  readonly isMasterToken: SecretCheck
  readonly isStaticInitialAccessToken: SecretCheck
  /** Notes something of the request that is being answered. */
  readonly annotate: Annotate
  /** Tells the operator of a fault that does not fail the request; never given a secret. */
  readonly warn: (message: string, cause: unknown) => void
}
