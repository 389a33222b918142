import { isSymmetric, secretBytes } from '../metadata/rules/algorithms.ts'
import { listNames, publishedValues, settingOf } from '../metadata/supported-values.ts'
import type { Settings } from './schema.ts'
import { checkAdmission } from './validate-admission.ts'
import { checkPolicies } from './validate-policies.ts'
import { hasCredentials } from './values.ts'

/** Finds contradictions between settings. Returns one line for each. */
export function validateConsistency(settings: Settings): readonly string[] {
  return [
    ...paths(settings),
    ...checkAdmission(settings),
    ...checkPolicies(settings),
    ...schemes(settings),
    ...rotation(settings),
    ...signers(settings),
    ...unvouchedKeys(settings),
    ...published(settings),
    ...checkSecretStorage(settings),
    ...shortSecrets(settings),
    ...unsignedRequests(settings),
    ...publicNativeClients(settings),
    ...firewalls(settings),
    ...absentLambdas(settings),
    ...regions(settings),
    ...concurrencies(settings),
  ]
}

const otherEndpoints =
  /^\/(initial-access-tokens|clients|applications|openapi\.json|\.well-known)(\/|$)/

const paths = ({ registrationPath }: Settings): readonly string[] =>
  otherEndpoints.test(registrationPath)
    ? ['registrationPath: collides with another endpoint of this service']
    : []

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

const unvouchedKeys = ({ signedRequest, softwareStatement }: Settings): readonly string[] =>
  signedRequest.issuers === 'software_statement' && softwareStatement.issuers.length === 0
    ? ['signedRequest.issuers: software_statement needs softwareStatement.issuers']
    : []

const published = ({ discovery }: Settings): readonly string[] => [
  ...['issuer', 'registration_endpoint']
    .filter((name) => name in discovery)
    .map((name) => `discovery.${name}: published by this service; leave it out`),
  ...Object.entries(discovery)
    .filter(([, value]) => typeof value === 'string' && hasCredentials(value))
    .map(([name]) => `discovery.${name}: expected no user name or password`),
]

/** The lists that contain algorithms with the client secret as their key. */
const symmetricLists = (settings: Settings) =>
  listNames.flatMap((name) => {
    const algs = publishedValues(name, settings)?.filter(isSymmetric) ?? []
    return algs.length > 0 ? [{ list: `metadata.${settingOf(name)}`, algs }] : []
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

const firewalls = ({ firewall }: Settings): readonly string[] =>
  firewall.enabled || firewall.webAcl === undefined
    ? []
    : ['firewall.webAcl: contradicts firewall.enabled: false']

/** Finds concurrency settings of Lambdas that the stage does not deploy. */
function absentLambdas({ firewall, registration, concurrency }: Settings): readonly string[] {
  const absent = [
    ['authorize-origin', !firewall.enabled, 'firewall.enabled: false'],
    ['register-client', registration === 'disabled', 'registration: disabled'],
  ] as const
  return absent.flatMap(([name, isAbsent, setting]) => {
    const { reserved, provisioned } = concurrency[name]
    return isAbsent && (reserved !== undefined || provisioned > 0)
      ? [`concurrency.${name}: contradicts ${setting}`]
      : []
  })
}

/**
 * CloudFront requires its certificate in us-east-1. Every other certificate must be in the stage's
 * own Region.
 */
function regions(settings: Settings): readonly string[] {
  const { region, customDomain, existing, firewall, encryptionKey, alarms } = settings
  const arns = [
    [
      'customDomain.certificate',
      customDomain?.certificate,
      firewall.enabled ? 'us-east-1' : region,
    ],
    ['encryptionKey', encryptionKey, region],
    ['alarms.topic', alarms.topic, region],
    ['existing.table', existing?.table, region],
    ['existing.keyRing', existing?.keyRing, region],
  ] as const
  return arns.flatMap(([name, arn, wanted]) => {
    const actual = arn?.split(':')[3]
    return actual === undefined || wanted === undefined || actual === wanted
      ? []
      : [`${name}: is in ${actual}; expected one in ${wanted}`]
  })
}

const minAuthorizerConcurrency = 20

const concurrencies = ({ concurrency }: Settings): readonly string[] =>
  Object.entries(concurrency).flatMap(([name, { reserved, provisioned }]) => {
    // Each guessed key occupies an execution. The rest must suffice for CloudFront's own hourly
    // call.
    if (
      name === 'authorize-origin' &&
      (reserved ?? minAuthorizerConcurrency) < minAuthorizerConcurrency
    )
      return [
        `concurrency.authorize-origin.reserved: expected at least ${minAuthorizerConcurrency}`,
      ]
    if (name === 'publish-events' && provisioned > 0)
      return ['concurrency.publish-events.provisioned: nobody waits for it; leave it out']
    return provisioned > (reserved ?? provisioned)
      ? [
          `concurrency.${name}.provisioned: contradicts reserved: ${reserved}; expected at most that`,
        ]
      : []
  })
