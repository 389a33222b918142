/** oidc-provider, features.registration: anyone who holds an initial access token may register. */
export const oidcProvider = {
  registration: 'token', // B3, B6: the feature is on, an initial access token is required
  initialAccessToken: {
    static: false, // B7: tokens are kept in the store; true for one static string (B6)
    consumed: 'never', // B23: there, a token is not consumed
  },
  registrationAccessToken: {
    issue: true, // B10
    rotateOn: ['update'], // B23: rotation on update only
  },
  clientSecret: { bytes: 64 }, // B22
  metadata: {
    loadableBy: 'oidc-provider', // what is registered, it can load as a client
    acrValues: [], // it takes those that its own configuration lists
    backchannelTokenDeliveryModes: ['poll', 'ping'], // it knows no push
  },
} as const
