import type { Settings } from '../settings/schema.ts'
import { cibaGrant, grantsOf } from './grants.ts'
import {
  contentEncryption,
  hmacs,
  publicKeyEncryption,
  secretBytes,
  signatures,
} from './rules/algorithms.ts'

type Values = readonly string[]
type Metadata = Settings['metadata']

/** The kinds of JWT that the server issues to the client. The client sends request objects. */
export const responses = [
  'id_token',
  'userinfo',
  'introspection',
  'authorization',
  'nfv_token',
] as const
const jwtKinds = [...responses, 'request_object'] as const

/** The algorithm kinds of such a JWT, named as in the server's metadata. */
const algorithmKinds = ['signing_alg', 'encryption_alg', 'encryption_enc'] as const

/** The lists whose name does not combine a JWT kind with an algorithm kind. */
const otherLists = [
  'scopes_supported',
  'response_types_supported',
  'response_modes_supported',
  'grant_types_supported',
  'acr_values_supported',
  'subject_types_supported',
  'token_endpoint_auth_methods_supported',
  'token_endpoint_auth_signing_alg_values_supported',
  'backchannel_authentication_request_signing_alg_values_supported',
  'backchannel_token_delivery_modes_supported',
  'client_registration_types_supported',
  'authorization_details_types_supported',
] as const

export type Use = (typeof jwtKinds)[number]
export type AlgorithmList = `${Use}_${(typeof algorithmKinds)[number]}_values_supported`

/**
 * The name of a list of supported values, as in the authorization server's metadata (RFC 8414 §2,
 * OpenID Connect Discovery 1.0 §3 and the extensions of both).
 */
export type ListName = AlgorithmList | (typeof otherLists)[number]

export const listNames: readonly ListName[] = [
  ...otherLists,
  ...jwtKinds.flatMap((use) =>
    algorithmKinds.map((done) => `${use}_${done}_values_supported` as const),
  ),
]

/** The list of content encryption algorithms for this member. */
export const contentListOf = (alg: `${string}_alg`): ListName =>
  `${alg.replace(/_encrypt(ed_response|ion)_alg$/, '') as Use}_encryption_enc_values_supported`

/** The settings in `metadata` that are lists of names. */
type Setting = {
  [Name in keyof Metadata]-?: NonNullable<Metadata[Name]> extends Values ? Name : never
}[keyof Metadata]

/** Maps a list to its setting: `id_token_signing_alg_values_supported` to `idTokenSigningAlgs`. */
export const settingOf = (name: ListName): Setting =>
  name
    .replace(/_(alg|enc)_values_supported$|_supported$/, (_, kind?: string) =>
      kind ? `_${kind}s` : '',
    )
    .replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()) as Setting // tested

/** What a client may request if nothing is listed, apart from algorithms. */
const otherFallbacks: { readonly [Name in ListName]?: Values } = {
  response_modes_supported: [
    'query',
    'fragment',
    'form_post',
    'jwt',
    'query.jwt',
    'fragment.jwt',
    'form_post.jwt',
  ],
  backchannel_token_delivery_modes_supported: ['poll', 'ping', 'push'],
  client_registration_types_supported: ['automatic', 'explicit'],
}

/**
 * What the server supports and publishes by default, if neither a setting nor `discovery` lists it.
 */
const specDefault: { readonly [Name in ListName]?: (settings: Settings) => Values | undefined } = {
  subject_types_supported: () => ['public', 'pairwise'],
  id_token_signing_alg_values_supported: () => signatures,
  token_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
  backchannel_token_delivery_modes_supported: ({ metadata }) =>
    metadata.grantTypes.includes(cibaGrant)
      ? otherFallbacks.backchannel_token_delivery_modes_supported
      : undefined,
}

/**
 * The signing algorithms that the supported methods allow: by key pair, or by a client secret of
 * sufficient length.
 */
function assertionAlgorithms({ metadata, clientSecret }: Settings): Values | undefined {
  const methods = metadata.tokenEndpointAuthMethods
  const algs = [
    ...(methods.includes('private_key_jwt') ? signatures : []),
    ...(methods.includes('client_secret_jwt')
      ? hmacs.filter((alg) => (secretBytes[alg] ?? 0) <= clientSecret.bytes)
      : []),
  ]
  return algs.length > 0 ? algs : undefined
}

/** What a client may request if nothing is listed; undefined means any value. */
function fallbackValues(name: ListName): Values | undefined {
  if (name.endsWith('_signing_alg_values_supported')) return signatures
  if (name.endsWith('_encryption_alg_values_supported')) return publicKeyEncryption
  if (name.endsWith('_encryption_enc_values_supported')) return contentEncryption
  return otherFallbacks[name]
}

/**
 * What the server supports according to its settings or its own metadata in `discovery`; undefined
 * if neither lists it.
 */
export function publishedValues(name: ListName, settings: Settings): Values | undefined {
  const values = settings.metadata[settingOf(name)] ?? strings(settings.discovery[name])
  if (name !== 'response_types_supported') return values ?? specDefault[name]?.(settings)
  // A response type is usable only if the grants that it requires are supported too.
  const { grantTypes } = settings.metadata
  return values?.filter((type) => grantsOf(type).every((grant) => grantTypes.includes(grant)))
}

/** What a client may request; undefined means any value. */
export const supportedValues = (name: ListName, settings: Settings): Values | undefined =>
  publishedValues(name, settings) ?? fallbackValues(name)

const strings = (value: unknown): Values | undefined =>
  Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined
