/** oidc-provider, features.registration: anyone who holds an initial access token may register. */
export const oidcProvider = {
  registration: 'token', // B6: an initial access token is required
  initialAccessToken: { consumed: 'never' }, // B23: there, a token is not consumed
  registrationAccessToken: { rotateOn: ['update'] }, // B23: rotation on update only
  clientSecret: { bytes: 64 }, // B22
} as const
