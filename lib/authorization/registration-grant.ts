import type { Consumable } from '../ports/consumable.ts'

/** How a registration is authorized. */
export type RegistrationGrant = {
  readonly registration_method:
    | 'anonymous'
    | 'operator'
    | 'static_initial_access_token'
    | 'initial_access_token'
    | 'access_token'
  /** Space-separated scope tokens; omitted for operator and anonymous registrations. */
  readonly scope?: string
  /** `sub` of the token; permanently the client's owner. */
  readonly owner?: string
  /** RFC 7519 §4.1.1: issuer of the access token; a `sub` is unique only within its issuer. */
  readonly iss?: string
  /** Id of the stored initial access token. */
  readonly initial_access_token?: string
  /** Policies that the token names (RFC 7591 leaves them to the server). */
  readonly policies?: readonly string[]
  /** Consumed in the write that creates the client. */
  readonly consumable?: Consumable
  /** A use of the initial access token was consumed on the attempt. */
  readonly consumed?: true
}
