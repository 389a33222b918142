import { confidentialGrants, grantsOf } from '../grants.ts'
import type { Check } from './check.ts'
import { redirectUrisProblem } from './redirect-uris.ts'

export const clientRegistrationChecks = {
  /** RFC 7591 §2.1: grant_types and response_types must be consistent in both directions. */
  grantsMatchResponseTypes({ grant_types, response_types }) {
    const needed = response_types.flatMap(grantsOf)
    const missing = needed.find((grant) => !grant_types.includes(grant))
    if (missing !== undefined) return `grant_types: the response types need ${missing}`
    const unused = grant_types.find(
      (grant) =>
        (grant === 'authorization_code' || grant === 'implicit') && !needed.includes(grant),
    )
    return unused && `response_types: ${unused} needs a response type of its own`
  },
  /**
   * RFC 7591 §2: "Clients using flows with redirection MUST register their redirection URI values."
   */
  redirectUrisForRedirects: ({ response_types, redirect_uris = [] }) =>
    response_types.length > 0 && redirect_uris.length === 0
      ? 'redirect_uris: expected at least one for these grant types'
      : undefined,
  /**
   * RFC 8252 §7, OpenID Connect Dynamic Client Registration 1.0 §2: application_type determines the
   * allowed schemes and hosts.
   */
  redirectUrisForApplication: (metadata, settings) =>
    redirectUrisProblem('redirect_uris', metadata, settings),
  /**
   * RFC 7591 §2: "The jwks_uri and jwks parameters MUST NOT both be present in the same request or
   * response."
   */
  oneSourceOfKeys: ({ jwks, jwks_uri }) =>
    jwks && jwks_uri ? 'jwks: expected either jwks or jwks_uri, not both' : undefined,
  /**
   * RFC 6749 §4.4: "The client credentials grant type MUST only be used by confidential clients."
   * CIBA Core 1.0 §7.1.
   */
  confidentialGrants({ token_endpoint_auth_method, grant_types }) {
    if (token_endpoint_auth_method !== 'none') return undefined
    const grant = grant_types.find((name) => confidentialGrants.includes(name))
    return grant && `grant_types: ${grant} needs a token_endpoint_auth_method other than none`
  },
} satisfies Record<string, Check>
