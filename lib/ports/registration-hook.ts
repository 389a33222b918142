import type { PushedClient } from '../pushed-client.ts'

/**
 * Port that is notified of a new client before its registration is answered, such as a connector to an
 * authorization server that keeps its own clients.
 */
export type RegistrationHook = {
  /**
   * Called with the client before it is stored. If it rejects, nothing is stored: with an OAuthError
   * of status 4xx the request is rejected by it, and otherwise by `temporarily_unavailable`.
   * `signal` aborts after its time limit.
   */
  registered(client: PushedClient, signal: AbortSignal): Promise<void>
  /**
   * Called if the client was not stored after all, also if `registered` rejected. It may be called
   * for a client that `registered` did not finish.
   */
  undo(client_id: string, signal: AbortSignal): Promise<void>
}
