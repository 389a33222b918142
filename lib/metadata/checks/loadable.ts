import type { ClientMetadata } from '../client-metadata.ts'
import { cibaGrant, deviceGrant } from '../grants.ts'
import { algorithmChecks } from './algorithms.ts'
import type { Check } from './check.ts'

type Problem = string | undefined

/** A valid e-mail address as defined by the HTML Standard. */
const email = /^[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*$/
const loopback = ['localhost', '127.0.0.1', '[::1]']

/**
 * Metadata that the specifications allow but oidc-provider 9 fails to load
 * (lib/helpers/client_schema.js).
 */
const oidcProvider: readonly ((metadata: ClientMetadata) => Problem)[] = [
  ({ contacts = [] }) =>
    contacts.every((contact) => email.test(contact))
      ? undefined
      : 'contacts: expected e-mail addresses',
  (metadata) => redirectProblem('redirect_uris', metadata),
  (metadata) => redirectProblem('post_logout_redirect_uris', metadata),
  ({ userinfo_encrypted_response_alg: encrypted, userinfo_signed_response_alg: signed }) =>
    encrypted !== undefined && signed === undefined
      ? 'userinfo_encrypted_response_alg: needs userinfo_signed_response_alg'
      : undefined,
  ({ response_modes }) =>
    response_modes?.length === 0 ? 'response_modes: expected at least one' : undefined,
  // oidc-provider does not support signed_jwks_uri.
  ({ signed_jwks_uri: _, ...metadata }) =>
    algorithmChecks.keysForKeyMethods(metadata) ?? algorithmChecks.keysForAlgorithms(metadata),
  pairwiseProblem,
]

function redirectProblem(
  member: 'redirect_uris' | 'post_logout_redirect_uris',
  { application_type, ...metadata }: ClientMetadata,
): Problem {
  const problemOf = application_type === 'native' ? nativeProblem : webProblem
  const problems = metadata[member]?.map((uri) => problemOf(new URL(uri))) ?? []
  const index = problems.findIndex((problem) => problem !== undefined)
  return index < 0 ? undefined : `${member}: item ${index + 1}: ${problems[index]}`
}

const webProblem = ({ protocol }: URL): Problem =>
  /^https?:$/.test(protocol)
    ? undefined
    : 'expected application_type native beside a private-use scheme'

function nativeProblem({ protocol, hostname }: URL): Problem {
  const known = loopback.includes(hostname)
  if (protocol === 'http:' && !known) return `expected http on ${loopback.join(', ')} only`
  return protocol === 'https:' && known ? 'expected http on loopback' : undefined
}

function pairwiseProblem({ redirect_uris = [], ...metadata }: ClientMetadata): Problem {
  const { subject_type, grant_types, response_types, jwks_uri, sector_identifier_uri } = metadata
  if (subject_type !== 'pairwise') return undefined
  const bare = grant_types.includes(cibaGrant) || grant_types.includes(deviceGrant)
  if (bare && jwks_uri === undefined)
    return 'jwks_uri: needed for subject_type pairwise with these grant types'
  const hosts = new Set(redirect_uris.map((uri) => new URL(uri).host))
  const needsSector = response_types.length > 0 && (bare || hosts.size > 1)
  return needsSector && sector_identifier_uri === undefined
    ? 'sector_identifier_uri: needed for subject_type pairwise with these redirect URIs and grant types'
    : undefined
}

/** settings.metadata.loadableBy: rejects a client that the authorization server could not load. */
export const loadable: Check = (metadata, settings) => {
  if (settings.metadata.loadableBy !== 'oidc-provider') return undefined
  for (const problemOf of oidcProvider) {
    const problem = problemOf(metadata)
    if (problem !== undefined) return problem
  }
  return undefined
}
