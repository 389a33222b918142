import type { Consumable } from '../ports/consumable.ts'

/** By what right a registration is made. */
export type RegistrationGrant = {
  readonly registration_method:
    | 'anonymous'
    | 'operator'
    | 'static_initial_access_token'
    | 'initial_access_token'
    | 'access_token'
  /** Space-separated scope tokens; the operator and the anonymous have none. */
  readonly scope?: string
  /** `sub` of the token: the client's owner for life. */
  readonly owner?: string
  /** RFC 7519 §4.1.1: whose access token it was; a `sub` means something only to its issuer. */
  readonly iss?: string
  /** Id of the stored initial access token. */
  readonly initial_access_token?: string
  /** Policies that the token names (RFC 7591 leaves them to the server). */
  readonly policies?: readonly string[]
  /** What is still to be spent, in the write that creates the client. */
  readonly consumable?: Consumable
}
