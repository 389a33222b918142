import type { Check } from './check.ts'

export const openidRegistrationChecks = {
  /**
   * OpenID Connect Core 1.0 §6.2: https, unless the request object is signed. A fragment may
   * contain its SHA-256.
   */
  signedRequestObjectsOverHttp: ({
    request_uris = [],
    request_object_signing_alg: alg = 'none',
  }) =>
    alg === 'none' && request_uris.some((uri) => !/^https:/i.test(uri))
      ? 'request_uris: expected https URLs where request objects are not signed'
      : undefined,
  /**
   * "none MUST NOT be used … unless the Client uses only Response Types that return no ID Token
   * from the Authorization Endpoint"
   */
  signedIdTokens: ({ id_token_signed_response_alg, response_types }) =>
    id_token_signed_response_alg === 'none' &&
    response_types.some((type) => type.split(' ').includes('id_token'))
      ? 'id_token_signed_response_alg: none needs response types without id_token'
      : undefined,
} satisfies Record<string, Check>
