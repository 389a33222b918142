/** Anvil Connect: registration by ordinary user access tokens, restricted by scope. */
export const anvilConnect = {
  registration: 'scoped', // A2: the default mode
  registrationScope: 'realm', // A14: the scope of its sample
  missingTokenStatus: 403, // A16: a refusal for want of a token is 403
  initialAccessToken: { consumed: 'never' }, // A17: a token is reusable, nothing is consumed
} as const
