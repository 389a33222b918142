/**
 * SecureAuth / Cloudentity: registration with a scoped token that ends with the registration. Add
 * your own `accessTokenIssuers`.
 */
export const secureauth = {
  registration: 'scoped', // C5: protected by access token; C3: anonymous only with 'dynamic'
  registrationPath: '/oauth2/register', // C12, C18
  registrationScope: 'dcr_register', // C6
  aliases: true, // C14: redirect_url; C16: scopes
  policies: ['default-members'], // C4: evaluated at every registration
  policySettings: {
    'default-members': { members: { scope: 'email openid profile' } }, // C16: default scopes
  },
  initialAccessToken: { consumed: 'on_success' }, // C7: consumed only by a successful registration
  registrationAccessToken: {
    lifetime: 2_592_000, // C17: 30 days
    rotateOn: ['read', 'update'], // C22
    reuseWindow: 0, // C22: the previous token stops working
  },
  clientSecret: { storage: 'encrypted' }, // C21: a read returns the secret in clear text
} as const
