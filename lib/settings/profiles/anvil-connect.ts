/** Anvil Connect: registration by ordinary user access tokens, restricted by scope. `accessTokenIssuers` are yours to add. */
export const anvilConnect = {
  registration: 'scoped', // A2: the default mode; A4, A12: dynamic and token are the others
  registrationScope: 'realm', // A14: the scope of its sample
  trustedRegistrationScope: 'realm', // A10: what a trusted registration needs; A11: it can be configured
  missingTokenStatus: 403, // A16: a refusal for want of a token is 403
  initialAccessToken: { consumed: 'never' }, // A17: a token is reusable, nothing is consumed
} as const
