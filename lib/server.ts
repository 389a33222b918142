import type { ClientStore } from './client-store.ts'
import type { InitialAccessTokenStore } from './initial-access-token-store.ts'
import type { Settings } from './settings/settings.ts'
import type { KeyRingSource } from './tokens/key-ring.ts'

/** Whether a bearer is a secret that the operator holds; compared by digest in constant time. */
export type SecretCheck = (bearer: string) => Promise<boolean>

/** The authorization server that an operation works for: its settings, its names and its ports. */
export type Server = {
  readonly settings: Settings
  /** RFC 8414 §2 `issuer`. */
  readonly issuer: string
  /** Absolute URL of the client registration endpoint. */
  readonly registrationEndpoint: string
  readonly clients: ClientStore
  readonly initialAccessTokens: InitialAccessTokenStore
  readonly keyRing: KeyRingSource
  readonly isMasterToken: SecretCheck
  readonly isStaticInitialAccessToken: SecretCheck
  /** Tells the operator of a fault that does not fail the request; never given a secret. */
  readonly warn: (message: string, cause: unknown) => void
}
