/** SecureAuth / Cloudentity: registration by a scoped token that ends with the registration. `accessTokenIssuers` are yours to add. */
export const secureauth = {
  registration: 'scoped', // C5: protected by access token; C3: anonymous only where 'dynamic' is said
  registrationPath: '/oauth2/register', // C12, C18
  registrationScope: 'dcr_register', // C6
  aliases: true, // C14: redirect_url; C16: scopes
  policies: ['default-members'], // C4: evaluated at every registration
  policySettings: {
    'default-members': { members: { scope: 'email openid profile' } }, // C16: the granted default scopes
  },
  initialAccessToken: { consumed: 'on_success' }, // C7: ended by a successful registration only
  registrationAccessToken: {
    lifetime: 2_592_000, // C17: 30 days
    rotateOn: ['read', 'update'], // C22
    reuseWindow: 0, // C22: the previous token is terminated
  },
  clientSecret: { storage: 'encrypted' }, // C21: a read answers with the secret in clear
} as const
