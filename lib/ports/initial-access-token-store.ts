import type { InitialAccessToken } from '../tokens/initial-access-token.ts'

export type InitialAccessTokenPage = {
  readonly tokens: readonly InitialAccessToken[]
  /** Position of the next page; undefined on the last page. */
  readonly next: string | undefined
}

/** A token, after a request has consumed a use of it. */
export type ConsumedToken = InitialAccessToken & {
  /** Set if an earlier request consumed the use. */
  readonly isRepetition?: true
}

/**
 * Port for storing initial access tokens. Rejects with OAuthError `temporarily_unavailable` if the
 * database is unavailable.
 */
export type InitialAccessTokenStore = {
  issue(token: InitialAccessToken): Promise<void>
  /** Strongly consistent read. */
  find(id: string): Promise<InitialAccessToken | undefined>
  /**
   * Consumes one use in one conditional write, and returns the token; a repetition by the same
   * `write_id` within ten minutes consumes no other, and says so. Undefined if the digest does not
   * match, no use is left, or the token has expired.
   */
  consume(
    id: string,
    token_digest: Uint8Array,
    now: number,
    write_id: Uint8Array,
  ): Promise<ConsumedToken | undefined>
  /** Lists tokens, newest first, from a previous page's `next`. */
  list(limit: number, from: string | undefined): Promise<InitialAccessTokenPage>
  /** Deletes the token; false if it does not exist. */
  revoke(id: string): Promise<boolean>
}
