/**
 * Clients of the Model Context Protocol in current practice: anyone may register a client of the
 * authorization code flow, on the user's machine, in a browser or on a server. Add your own
 * `metadata.scopes`.
 */
export const mcp = {
  registration: 'dynamic',
  ignoreUnknownTokens: true, // clients send their user's own header to every URL of a server
  anonymous: { item: 4096 },
  metadata: {
    grantTypes: ['authorization_code', 'refresh_token'], // other requested types are dropped
    responseTypes: ['code'],
    // Public clients first. SDKs that name no method use client_secret_post, although the default
    // in RFC 7591 §2 is client_secret_basic.
    tokenEndpointAuthMethods: ['none', 'client_secret_post', 'client_secret_basic'],
    publicNativeClients: true, // RFC 8252 §8.4: a secret in a distributed app is not confidential
    unsupported: 'narrow',
    unknown: 'drop',
    // RFC 8252 §7: loopback, private-use schemes without a dot (cursor://), claimed https.
    redirectUris: { reverseDomainSchemes: false, claimedHttps: true },
  },
  // Counts the clients that nobody uses; `on` needs an authorization server that reports use.
  cleanUp: { mode: 'observe' },
  limits: { body: 16_384, redirectUris: 10, item: 8192 },
  policies: ['maximum-anonymous-clients'],
  policySettings: { 'maximum-anonymous-clients': { perHour: 1000 } },
} as const
