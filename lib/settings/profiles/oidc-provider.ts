/** oidc-provider, features.registration: anyone with an initial access token may register. */
export const oidcProvider = {
  registration: 'token', // B3, B6: the feature is enabled, an initial access token is required
  initialAccessToken: {
    static: false, // B7: tokens are kept in the store; true for one static string (B6)
    consumed: 'never', // B23: oidc-provider does not consume tokens
  },
  registrationAccessToken: {
    issue: true, // B10
    rotateOn: ['update'], // B23: rotation on update only
  },
  clientSecret: { bytes: 64 }, // B22
  metadata: {
    loadableBy: 'oidc-provider', // oidc-provider can load every registered client
    acrValues: [], // oidc-provider accepts those that its own configuration lists
    backchannelTokenDeliveryModes: ['poll', 'ping'], // oidc-provider does not support push
  },
} as const
