import type { DueKind } from '../../lib/ports/clean-up-store.ts'
import type { Consumption } from '../../lib/tokens/initial-access-token.ts'

/** A client in the model. A token that no response has shown yet is a text that begins with `?`. */
export type ClientState = {
  readonly token: string
  readonly tokenExpiresAt: number
  /** The token from which the current one was derived, and when. */
  readonly previous?: { readonly token: string; readonly rotatedAt: number } | undefined
  /** The client secret; a public client has none. */
  readonly secret?: string | undefined
  /** The secret before a renewal, and the end of the overlap. */
  readonly previousSecret?: { readonly secret: string; readonly until: number } | undefined
  readonly disabled: boolean
  readonly name: string
  readonly version: number
  readonly sequence: number
  /** When it was registered: the tokens of a shared client end with it. */
  readonly since?: number | undefined
  readonly pending?: true | undefined
  readonly decision?: Decided | undefined
  /** Whether clean-up covers this kind of registration. */
  readonly covered?: true | undefined
  /** When clean-up looks at the client, among those in use or those that were made stale. */
  readonly due?: { readonly kind: DueKind; readonly at: number } | undefined
  readonly lastUsed?: number | undefined
  readonly stale?: true | undefined
}

export type Decided = { readonly outcome: 'approved' | 'rejected'; readonly at: number }

/** A deferred registration. */
export type RegistrationState = {
  readonly expiresAt: number
  readonly polledAt: number
  readonly decision?: Decided | undefined
}

export type InitialAccessTokenState = {
  readonly consumed: Consumption
  readonly expiresAt: number
  readonly usesLeft?: number | undefined
}

/** What is stored, as far as callers can see it: a JSON value. */
export type State = {
  readonly clients: Readonly<Record<string, ClientState>>
  readonly initialAccessTokens: Readonly<Record<string, InitialAccessTokenState>>
  readonly usedAccessTokens: Readonly<Record<string, true>>
  readonly registrations: Readonly<Record<string, RegistrationState>>
  /** The tokens of shared clients: the client's registration that they belong to, and their end. */
  readonly sharedTokens: Readonly<
    Record<string, { readonly since: number; readonly until: number }>
  >
  /** Clients that clean-up deleted. */
  readonly tombstones: Readonly<Record<string, true>>
  /** When use was last reported. */
  readonly lastReport?: number
  /** Of calls that revive a stale client by a second write: whether they found it stale. */
  readonly foundStale: Readonly<Record<string, boolean>>
}

export const emptyState: State = {
  clients: {},
  initialAccessTokens: {},
  usedAccessTokens: {},
  registrations: {},
  sharedTokens: {},
  tombstones: {},
  foundStale: {},
}

export const withClient = (state: State, key: string, client: ClientState): State => ({
  ...state,
  clients: { ...state.clients, [key]: client },
})

export function withoutClient({ clients, ...state }: State, key: string): State {
  const { [key]: _, ...others } = clients
  return { ...state, clients: others }
}

export const withInitialAccessToken = (
  state: State,
  key: string,
  token: InitialAccessTokenState,
): State => ({
  ...state,
  initialAccessTokens: { ...state.initialAccessTokens, [key]: token },
})

export const withRegistration = (
  state: State,
  key: string,
  registration: RegistrationState,
): State => ({ ...state, registrations: { ...state.registrations, [key]: registration } })

export function withoutRegistration({ registrations, ...state }: State, key: string): State {
  const { [key]: _, ...others } = registrations
  return { ...state, registrations: others }
}

export function withoutInitialAccessToken(
  { initialAccessTokens, ...state }: State,
  key: string,
): State {
  const { [key]: _, ...others } = initialAccessTokens
  return { ...state, initialAccessTokens: others }
}
