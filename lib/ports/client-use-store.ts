/** A use of a client at an authorization server. */
export type ClientUse = {
  readonly client_id: string
  /** Unix seconds. */
  readonly used_at: number
}

/**
 * `unchanged`: a use on the same UTC day or a later one was already recorded. `revived`: recorded,
 * and the client was stale.
 */
export type UseOutcome = 'recorded' | 'revived' | 'unchanged' | 'unknown'

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
  /** Records the use of a client that was read, and is stale. */
  revive(use: ClientUse): Promise<void>
  /**
   * Notes that use is reported: clean-up makes nobody stale without reports. Writes at most once
   * per UTC day. `now` in Unix seconds.
   */
  noteReport(now: number): Promise<void>
}
