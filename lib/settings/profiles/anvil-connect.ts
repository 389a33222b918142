/**
 * Anvil Connect: registration with ordinary user access tokens, restricted by scope. Add your own
 * `accessTokenIssuers`.
 */
export const anvilConnect = {
  registration: 'scoped', // A2: the default mode; A4, A12: the alternatives are dynamic and token
  registrationScope: 'realm', // A14: the scope in its example
  trustedRegistrationScope: 'realm', // A10: required for a trusted registration; A11: configurable
  missingTokenStatus: 403, // A16: a missing token returns 403
  initialAccessToken: { consumed: 'never' }, // A17: a token is reusable and never consumed
} as const
