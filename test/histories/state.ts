import type { Consumption } from '../../lib/tokens/initial-access-token.ts'

/** A client in the model. A token that no response has shown yet is a text that begins with `?`. */
export type ClientState = {
  readonly token: string
  readonly tokenExpiresAt: number
  /** The token from which the current one was derived, and when. */
  readonly previous?: { readonly token: string; readonly rotatedAt: number } | undefined
  readonly disabled: boolean
  readonly name: string
  readonly version: number
  readonly sequence: number
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
}

export const emptyState: State = { clients: {}, initialAccessTokens: {}, usedAccessTokens: {} }

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

export function withoutInitialAccessToken(
  { initialAccessTokens, ...state }: State,
  key: string,
): State {
  const { [key]: _, ...others } = initialAccessTokens
  return { ...state, initialAccessTokens: others }
}
