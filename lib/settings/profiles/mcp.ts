/**
 * Clients of the Model Context Protocol as they are today: anyone registers a client of the code flow, from the user's own
 * machine, a browser or a server. `metadata.scopes` are yours to add.
 */
export const mcp = {
  registration: 'dynamic',
  ignoreUnknownTokens: true, // clients send their user's own header to every URL of a server
  anonymous: { item: 4096 },
  metadata: {
    grantTypes: ['authorization_code', 'refresh_token'], // others that are asked for are left out
    responseTypes: ['code'],
    // Public clients first; SDKs that ask for nothing send client_secret_post, and RFC 7591 §2 means basic by nothing.
    tokenEndpointAuthMethods: ['none', 'client_secret_post', 'client_secret_basic'],
    publicNativeClients: true, // RFC 8252 §8.4: a secret in an app is none
    unsupported: 'narrow',
    unknown: 'drop',
    // RFC 8252 §7: loopback, a scheme of the app's own without a dot (cursor://), claimed https.
    redirectUris: { reverseDomainSchemes: false, claimedHttps: true },
  },
  cors: { origins: ['*'] }, // inspectors run in a browser, on any origin
  limits: { body: 16_384, redirectUris: 10, item: 8192 },
  policies: ['maximum-anonymous-clients'],
  policySettings: { 'maximum-anonymous-clients': { perHour: 1000 } },
  throttle: { rate: 20, burst: 40 },
} as const
