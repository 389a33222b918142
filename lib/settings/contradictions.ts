import { isSymmetric, secretBytes } from '../metadata/algorithms.ts'
import { listNames, publishedValues, settingOf } from '../metadata/supported-values.ts'
import type { Settings } from './settings.ts'

/** What the settings of client metadata and of client secrets say against each other, one line each. */
export function metadataContradictions(settings: Settings): readonly string[] {
  return [...secretsInClear(settings), ...shortSecrets(settings), ...unsignedRequests(settings)]
}

/** The lists with algorithms that work with a client secret. */
const symmetricLists = (settings: Settings) =>
  listNames.flatMap((name) => {
    const algs = publishedValues(name, settings)?.filter(isSymmetric) ?? []
    return algs.length > 0 ? [{ list: `metadata.${settingOf(name)}`, algs }] : []
  })

/** A digest proves a secret; to sign, verify or encrypt with it takes the secret itself. */
function secretsInClear(settings: Settings): readonly string[] {
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
