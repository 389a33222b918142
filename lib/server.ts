import type { Trust } from './jwt/trust.ts'
import type { Policies } from './policy/policy.ts'
import type { ClientAdminStore } from './ports/client-admin-store.ts'
import type { ClientLifecycleStore } from './ports/client-lifecycle-store.ts'
import type { ClientStore } from './ports/client-store.ts'
import type { ClientUseStore } from './ports/client-use-store.ts'
import type { DisableJobStore } from './ports/disable-job-store.ts'
import type { FetchJson } from './ports/fetch-json.ts'
import type { InitialAccessTokenStore } from './ports/initial-access-token-store.ts'
import type { KeyRingSource } from './ports/key-ring-source.ts'
import type { PendingRegistrationStore } from './ports/pending-registration-store.ts'
import type { RegistrationHook } from './ports/registration-hook.ts'
import type { Annotate } from './ports/request-log-fields.ts'
import type { SecretCheck } from './ports/secret-check.ts'
import type { Settings } from './settings/schema.ts'

/** Generators of identifiers and secrets: the built-in ones, or the deploying team's extensions. */
export type Generators = {
  /** Rejects if an authorization server that chooses identifiers takes no more clients. */
  readonly clientId: (hasSecret: boolean) => string | Promise<string>
  readonly clientSecret: () => string | Promise<string>
}

/** The authorization server's settings, issuer and endpoint. */
export type ServerConfig = {
  readonly settings: Settings
  /** RFC 8414 §2 `issuer`. */
  readonly issuer: string
  /** Absolute URL of the client registration endpoint. */
  readonly registrationEndpoint: string
}

/** Everything that an operation depends on: configuration and ports. */
export type Server = ServerConfig & {
  readonly clients: ClientStore
  readonly clientAdmin: ClientAdminStore
  readonly clientUse: ClientUseStore
  readonly clientLifecycle: ClientLifecycleStore
  readonly disableJobs: DisableJobStore
  readonly initialAccessTokens: InitialAccessTokenStore
  readonly pendingRegistrations: PendingRegistrationStore
  /** Derives and authenticates registration access tokens. */
  readonly keyRing: KeyRingSource
  /** Encrypts client secrets. */
  readonly clientSecretKeyRing: KeyRingSource
  /** Fetches a JSON document from a client-supplied URL. */
  readonly fetchJson: FetchJson
  readonly trust: Trust
  readonly policies: Policies
  /** Generates client identifiers and secrets (RFC 7591 §3.2.1). */
  readonly generators: Generators
  /** Called with a new client before it is stored. */
  readonly onRegistered?: RegistrationHook | undefined
  readonly isMasterToken: SecretCheck
  readonly isStaticInitialAccessToken: SecretCheck
  /** Adds log fields to the current request. */
  readonly annotate: Annotate
  /** Logs a problem that does not fail the request; must never be given a secret. */
  readonly warn: (message: string, cause: unknown) => void
}
