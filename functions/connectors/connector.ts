import type { PushedClient } from '../../lib/pushed-client.ts'

export type { PushedClient } from '../../lib/pushed-client.ts'

/** A client that the server has from this service. */
export type ListedClient = {
  readonly client_id: string
  /** What the server has, as `fingerprint` describes what it should have. */
  readonly fingerprint: string
  /** Unix seconds of the last push, or of any earlier one. */
  readonly pushed_at: number
}

/**
 * Port for pushing clients to one authorization server. Each method rejects with an Error if the
 * server did not answer, or not as expected; the Error contains no secret and no body.
 */
export type Connector = {
  /**
   * Of a server that chooses identifiers: creates a client there that can do nothing until it is
   * pushed, and resolves to its identifier. Rejects with OAuthError `temporarily_unavailable`.
   */
  readonly createClientId?: (hasSecret: boolean) => Promise<string>
  /** Names the server in log lines and metrics: its type and its host. */
  readonly name: string
  /**
   * Creates or replaces the client, and never replaces one that is not from this service. A repeated
   * push changes nothing. Rejects with OAuthError `invalid_client_metadata` if the server cannot hold
   * such a client.
   */
  push(client: PushedClient, signal?: AbortSignal): Promise<void>
  /** Removes the client; resolves if there is none from this service. */
  remove(client_id: string, signal?: AbortSignal): Promise<void>
  /** The clients that the server has from this service, in any order. */
  list(): AsyncIterable<ListedClient>
  /**
   * Digest of what the server has after a push of this client; never of less than `push` sends, so
   * that a change by hand at the server is found, too.
   */
  fingerprint(client: PushedClient): string
}
