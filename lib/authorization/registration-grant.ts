import type { Consumable } from '../ports/consumable.ts'
import type { RegistrationSource } from '../registration-source.ts'

/** What a bearer token, or its absence, grants at the registration endpoint. */
export type RegistrationGrant = {
  readonly source: RegistrationSource
  /** Space-separated scope tokens; omitted for operator and anonymous registrations. */
  readonly scope?: string
  /** Policies that the token names (RFC 7591 leaves them to the server). */
  readonly policies?: readonly string[] | undefined
  /** Consumed in the write that creates the client. */
  readonly consumable?: Consumable
  /** A use of the initial access token was consumed on the attempt. */
  readonly consumed?: true
}
