/** Connect2id: initial access tokens that are good for one attempt and lock what the client may become. */
export const connect2id = {
  registration: 'scoped', // D10: the token's scope decides
  registrationPath: '/c2id/clients', // D2
  registrationScope: 'client-reg', // D10
  successStatus: 200, // D5
  initialAccessToken: { lifetime: 86_400, consumed: 'on_attempt' }, // D12, D13: consumed even when it fails
} as const
