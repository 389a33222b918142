/**
 * Connect2id: an initial access token is valid for one attempt and restricts what may be
 * registered.
 */
export const connect2id = {
  registration: 'scoped', // D10: the token's scope decides
  registrationPath: '/c2id/clients', // D2
  registrationScope: 'client-reg', // D10
  successStatus: 200, // D5
  initialAccessToken: { lifetime: 86_400, consumed: 'on_attempt' }, // D12, D13: also on failure
} as const
