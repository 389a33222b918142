/** How a registration can be authorized. */
export const registrationMethods = [
  'anonymous',
  'operator',
  'static_initial_access_token',
  'initial_access_token',
  'access_token',
] as const

export type RegistrationMethod = (typeof registrationMethods)[number]

/** (Ours) where a registration came from; kept with the client, and known to its policies. */
export type RegistrationSource = {
  readonly registration_method: RegistrationMethod
  /** `sub` of the token that authorized the registration; permanently the client's owner. */
  readonly owner?: string | undefined
  /** RFC 7519 §4.1.1: issuer of the access token; a `sub` is unique only within its issuer. */
  readonly iss?: string | undefined
  /** Id of the stored initial access token. */
  readonly initial_access_token?: string | undefined
}
