import type { InitialAccessToken } from '../tokens/initial-access-token.ts'

export type InitialAccessTokenPage = {
  readonly tokens: readonly InitialAccessToken[]
  /** Where the next page begins; undefined on the last one. */
  readonly next: string | undefined
}

/**
 * The port through which operations keep initial access tokens. Rejects with OAuthError
 * `temporarily_unavailable` where the database cannot answer now.
 */
export type InitialAccessTokenStore = {
  /** Stores a new token. */
  issue(token: InitialAccessToken): Promise<void>
  /** The token as it stands, read strongly. */
  find(id: string): Promise<InitialAccessToken | undefined>
  /** Spends one use where the digest is the token's, a use is left and it is unexpired: one conditional write. */
  consume(
    id: string,
    token_digest: Uint8Array,
    now: number,
    write_id: Uint8Array,
  ): Promise<InitialAccessToken | undefined>
  /** Tokens, newest first, from a position that an earlier page gave. */
  list(limit: number, from: string | undefined): Promise<InitialAccessTokenPage>
  /** Deletes the token; false where there is none. */
  revoke(id: string): Promise<boolean>
}
