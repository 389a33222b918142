import type { ErrorCode } from '../errors.ts'
import type { ClientMetadata } from './client-metadata.ts'
import { grantsOf } from './defaults.ts'
import { redirectUriProblem } from './redirect-uri.ts'

/** A rule across members: what is wrong, or undefined where nothing is. */
type Check = {
  readonly code?: ErrorCode
  readonly problem: (metadata: ClientMetadata) => string | undefined
}

const redirects = ({ grant_types }: ClientMetadata) =>
  grant_types.includes('authorization_code') || grant_types.includes('implicit')

const keyMethods = ['private_key_jwt', 'self_signed_tls_client_auth']

/** The rules across members, each under a name, in the order in which they are judged. */
export const consistency = {
  /** RFC 7591 §2.1: the two lists agree in both directions. */
  grantsMatchResponseTypes: {
    problem({ grant_types, response_types }) {
      const needed = response_types.flatMap(grantsOf)
      const missing = needed.find((grant) => !grant_types.includes(grant))
      if (missing !== undefined) return `grant_types: the response types need ${missing}`
      const unused = grant_types.find(
        (grant) =>
          (grant === 'authorization_code' || grant === 'implicit') && !needed.includes(grant),
      )
      return unused && `response_types: ${unused} needs a response type of its own`
    },
  },
  /** RFC 7591 §2: "Clients using flows with redirection MUST register their redirection URI values." */
  redirectUrisForRedirects: {
    code: 'invalid_redirect_uri',
    problem: (metadata) =>
      redirects(metadata) && (metadata.redirect_uris ?? []).length === 0
        ? 'redirect_uris: expected at least one for these grant types'
        : undefined,
  },
  redirectUrisForApplication: {
    code: 'invalid_redirect_uri',
    problem({ redirect_uris = [], application_type, grant_types }) {
      const implicit = grant_types.includes('implicit')
      for (const [index, uri] of redirect_uris.entries()) {
        const problem = redirectUriProblem(uri, { application_type, implicit })
        if (problem !== undefined) return `redirect_uris: item ${index + 1}: ${problem}`
      }
      return undefined
    },
  },
  /** RFC 7591 §2: "The jwks_uri and jwks parameters MUST NOT both be present in the same request or response." */
  oneSourceOfKeys: {
    problem: ({ jwks, jwks_uri }) =>
      jwks && jwks_uri ? 'jwks: expected either jwks or jwks_uri, not both' : undefined,
  },
  keysForKeyMethods: {
    problem: ({ token_endpoint_auth_method, jwks, jwks_uri }) =>
      keyMethods.includes(token_endpoint_auth_method) && !jwks && !jwks_uri
        ? `token_endpoint_auth_method: ${token_endpoint_auth_method} needs jwks or jwks_uri`
        : undefined,
  },
  /** RFC 6749 §4.4: "The client credentials grant type MUST only be used by confidential clients." */
  secretForClientCredentials: {
    problem: ({ token_endpoint_auth_method, grant_types }) =>
      token_endpoint_auth_method === 'none' && grant_types.includes('client_credentials')
        ? 'grant_types: client_credentials needs a token_endpoint_auth_method other than none'
        : undefined,
  },
} as const satisfies Record<string, Check>
