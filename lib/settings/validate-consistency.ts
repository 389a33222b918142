import { isSymmetric, secretBytes } from '../metadata/rules/algorithms.ts'
import { listNames, supportedLists } from '../metadata/supported-lists.ts'
import { publishedValues } from '../metadata/supported-values.ts'
import { alphanumericLength } from '../tokens/token.ts'
import type { Settings } from './schema.ts'
import { checkPermissions } from './validate-permissions.ts'
import { checkPolicies } from './validate-policies.ts'
import { hasCredentials } from './values.ts'

/** Finds contradictions between settings. Returns one line for each. */
export function validateConsistency(settings: Settings): readonly string[] {
  return [
    ...checkPermissions(settings),
    ...checkPolicies(settings),
    ...schemes(settings),
    ...rotation(settings),
    ...signers(settings),
    ...missingStatementIssuers(settings),
    ...published(settings),
    ...checkSecretStorage(settings),
    ...shortSecrets(settings),
    ...unsignedRequests(settings),
    ...publicNativeClients(settings),
    ...sharedClients(settings),
    ...pushedClients(settings),
    ...cognitoClients(settings),
  ]
}

/** RFC 8252 §7.1: finds listed schemes that would never be accepted. */
const schemes = ({ metadata: { redirectUris } }: Settings): readonly string[] =>
  redirectUris.reverseDomainSchemes
    ? (redirectUris.schemes ?? [])
        .filter((scheme) => !scheme.includes('.'))
        .map(
          (scheme) => `metadata.redirectUris.schemes: contradicts reverseDomainSchemes: ${scheme}`,
        )
    : []

function rotation({ registrationAccessToken }: Settings): readonly string[] {
  const { rotateOn, reuseWindow, onReuse } = registrationAccessToken
  if (rotateOn.length > 0) return []
  const needless = [reuseWindow > 0 && 'reuseWindow', onReuse === 'disable' && 'onReuse']
  return needless
    .filter((name) => name !== false)
    .map(
      (name) =>
        `registrationAccessToken.${name}: contradicts rotateOn: [], which leaves no previous token`,
    )
}

const signers = (settings: Settings): readonly string[] =>
  (['softwareStatement', 'signedRequest'] as const)
    .filter((name) => settings[name].required && settings[name].issuers.length === 0)
    .map((name) => `${name}.issuers: contradicts required: true; no trusted issuer is configured`)

const missingStatementIssuers = ({
  signedRequest,
  softwareStatement,
}: Settings): readonly string[] =>
  signedRequest.issuers === 'software_statement' && softwareStatement.issuers.length === 0
    ? ['signedRequest.issuers: software_statement needs softwareStatement.issuers']
    : []

const published = ({ discovery }: Settings): readonly string[] => [
  ...['issuer', 'registration_endpoint']
    .filter((name) => name in discovery)
    .map((name) => `discovery.${name}: published by this service; leave it out`),
  ...Object.entries(discovery)
    .filter(([, value]) => typeof value === 'string' && hasCredentials(value))
    .map(([name]) => `discovery.${name}: expected no username or password`),
]

/** The lists that contain algorithms with the client secret as their key. */
const symmetricLists = (settings: Settings) =>
  listNames.flatMap((name) => {
    const algs = publishedValues(name, settings)?.filter(isSymmetric) ?? []
    return algs.length > 0 ? [{ list: `metadata.${supportedLists[name].setting}`, algs }] : []
  })

/**
 * A digest is sufficient to verify a secret. Signing, verifying or encrypting with it requires the
 * secret itself.
 */
function checkSecretStorage(settings: Settings): readonly string[] {
  const { clientSecret, metadata } = settings
  if (clientSecret.storage === 'encrypted') return []
  const method = metadata.tokenEndpointAuthMethods.includes('client_secret_jwt')
    ? [{ list: 'metadata.tokenEndpointAuthMethods', algs: ['client_secret_jwt'] }]
    : []
  return [...method, ...symmetricLists(settings)].map(
    ({ list, algs }) =>
      `clientSecret.storage: contradicts ${list}: ${algs.join(', ')} needs storage: encrypted`,
  )
}

function shortSecrets(settings: Settings): readonly string[] {
  const { bytes } = settings.clientSecret
  return symmetricLists(settings).flatMap(({ list, algs }) =>
    algs
      .filter((alg) => (secretBytes[alg] ?? 0) > bytes)
      .map(
        (alg) =>
          `clientSecret.bytes: contradicts ${list}: ${alg} needs at least ${secretBytes[alg]} bytes`,
      ),
  )
}

function unsignedRequests({ metadata }: Settings): readonly string[] {
  const unsigned = metadata.requestObjectSigningAlgs?.every((alg) => alg === 'none')
  return metadata.requireSignedRequestObject && unsigned
    ? ['metadata.requireSignedRequestObject: contradicts metadata.requestObjectSigningAlgs']
    : []
}

const publicNativeClients = ({ metadata }: Settings): readonly string[] =>
  metadata.publicNativeClients && !metadata.tokenEndpointAuthMethods.includes('none')
    ? ['metadata.publicNativeClients: contradicts metadata.tokenEndpointAuthMethods without none']
    : []

/** Only clients without a token and without a secret are shared. */
function sharedClients({ sharing, registration, metadata }: Settings): readonly string[] {
  if (sharing === 'off') return []
  return [
    ...(registration === 'dynamic'
      ? []
      : [`sharing: contradicts registration: ${registration}; nobody registers without a token`]),
    ...(metadata.tokenEndpointAuthMethods.includes('none')
      ? []
      : ['sharing: contradicts metadata.tokenEndpointAuthMethods without none']),
  ]
}

/** A server that authenticates clients needs their secrets, of which a digest is not one. */
const pushedClients = ({ connectors, clientSecret }: Settings): readonly string[] =>
  connectors.length > 0 && clientSecret.storage === 'digest'
    ? ['connectors: contradicts clientSecret.storage: digest; secrets cannot be pushed']
    : []

/** Cognito chooses identifiers, and takes secrets of 24 to 64 letters and digits. */
function cognitoClients({ connectors, clientSecret, sharing }: Settings): readonly string[] {
  const { length } = connectors.filter(({ type }) => type === 'cognito')
  if (length === 0) return []
  return [
    length > 1 && 'connectors: only one of them can be cognito, which chooses the client_id',
    clientSecret.alphabet !== 'alphanumeric' &&
      'connectors: cognito needs clientSecret.alphabet: alphanumeric',
    alphanumericLength(clientSecret.bytes) > 64 &&
      'clientSecret.bytes: cognito takes at most 64 characters, which is 47 bytes',
    sharing !== 'off' && 'sharing: contradicts cognito, which chooses the client_id',
  ].filter((problem) => problem !== false)
}
