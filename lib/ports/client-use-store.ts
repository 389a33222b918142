/** A use of a client at an authorization server. */
export type ClientUse = {
  readonly client_id: string
  /** Unix seconds. */
  readonly used_at: number
}

/** `unchanged`: a use on the same UTC day or a later one was already recorded. */
export type UseOutcome = 'recorded' | 'unchanged' | 'unknown'

/**
 * Port for recording when clients were used. Rejects with OAuthError `temporarily_unavailable` if
 * the database is unavailable.
 */
export type ClientUseStore = {
  /**
   * Records uses of different clients, each at most once per client and UTC day, and returns an
   * outcome for each. Reads before it writes, because a rejected write costs as much as another.
   */
  record(uses: readonly ClientUse[]): Promise<readonly UseOutcome[]>
}
