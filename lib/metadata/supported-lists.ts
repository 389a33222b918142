import type { Settings } from '../settings/schema.ts'
import { algorithmLists } from './algorithm-lists.ts'
import { cibaGrant } from './grants.ts'
import { hmacs, secretBytes, signatures } from './rules/algorithms.ts'

export type Values = readonly string[]
type Metadata = Settings['metadata']

/** The settings in `metadata` that are lists of names. */
type ListSetting = {
  [Name in keyof Metadata]-?: NonNullable<Metadata[Name]> extends Values ? Name : never
}[keyof Metadata]

/** One list of values that the authorization server supports. */
export type SupportedList = {
  /** The setting in `metadata`. */
  readonly setting: ListSetting
  /** The member of client metadata that has one of the values, or several. */
  readonly member: string
  /** Which algorithms these are, if they are algorithms. */
  readonly use:
    | 'signed_by_client'
    | 'signed_by_server'
    | 'encrypted_to_client'
    | 'encrypted_to_server'
    | 'content_encryption'
    | 'other'
  /** The member for the key management algorithm, which a content encryption requires. */
  readonly alg?: string
  /** What the server supports and publishes if neither a setting nor `discovery` lists it. */
  readonly published?: (settings: Settings) => Values | undefined
  /** What a client may request if nothing is listed, apart from algorithms. */
  readonly fallback?: Values
  /** The member's default. If the server does not support it, the value that applies is registered. */
  readonly specDefault?: string
  /** Whether a client may send such a list too (RP Metadata Choices 1.0 §2). */
  readonly choice?: true
}

const deliveryModes = ['poll', 'ping', 'push']

/**
 * Every list of supported values, by its name in the authorization server's metadata (RFC 8414 §2,
 * OpenID Connect Discovery 1.0 §3 and the extensions of both). A method precedes its alg, an
 * alg before its enc.
 */
export const supportedLists = {
  scopes_supported: { setting: 'scopes', member: 'scope', use: 'other' },
  response_types_supported: { setting: 'responseTypes', member: 'response_types', use: 'other' },
  response_modes_supported: {
    setting: 'responseModes',
    member: 'response_modes',
    use: 'other',
    fallback: [
      'query',
      'fragment',
      'form_post',
      'jwt',
      'query.jwt',
      'fragment.jwt',
      'form_post.jwt',
    ],
  },
  grant_types_supported: { setting: 'grantTypes', member: 'grant_types', use: 'other' },
  acr_values_supported: { setting: 'acrValues', member: 'default_acr_values', use: 'other' },
  subject_types_supported: {
    setting: 'subjectTypes',
    member: 'subject_type',
    use: 'other',
    published: () => ['public', 'pairwise'],
    specDefault: 'public',
    choice: true,
  },
  token_endpoint_auth_methods_supported: {
    setting: 'tokenEndpointAuthMethods',
    member: 'token_endpoint_auth_method',
    use: 'other',
    choice: true,
  },
  token_endpoint_auth_signing_alg_values_supported: {
    setting: 'tokenEndpointAuthSigningAlgs',
    member: 'token_endpoint_auth_signing_alg',
    use: 'signed_by_client',
    published: assertionAlgorithms,
    choice: true,
  },
  backchannel_authentication_request_signing_alg_values_supported: {
    setting: 'backchannelAuthenticationRequestSigningAlgs',
    member: 'backchannel_authentication_request_signing_alg',
    use: 'signed_by_client',
    choice: true,
  },
  backchannel_token_delivery_modes_supported: {
    setting: 'backchannelTokenDeliveryModes',
    member: 'backchannel_token_delivery_mode',
    use: 'other',
    published: ({ metadata }) =>
      metadata.grantTypes.includes(cibaGrant) ? deliveryModes : undefined,
    fallback: deliveryModes,
  },
  client_registration_types_supported: {
    setting: 'clientRegistrationTypes',
    member: 'client_registration_types',
    use: 'other',
    fallback: ['automatic', 'explicit'],
  },
  authorization_details_types_supported: {
    setting: 'authorizationDetailsTypes',
    member: 'authorization_details_types',
    use: 'other',
  },
  ...algorithmLists,
} as const satisfies Readonly<Record<string, SupportedList>>

type Lists = typeof supportedLists

export type ListName = keyof Lists

export const listNames = Object.keys(supportedLists) as readonly ListName[] // own keys

/** The names of the lists with this property. */
export type ListsWith<Property extends keyof SupportedList> = {
  [Name in ListName]: Lists[Name] extends Record<Property, unknown> ? Name : never
}[ListName]

export const listsWith = <Property extends keyof SupportedList>(property: Property) =>
  listNames.filter((name): name is ListsWith<Property> => property in supportedLists[name])

/** The lists of algorithms for this use. */
export const listsFor = <Use extends SupportedList['use']>(use: Use) =>
  Object.values(supportedLists).filter(
    (list): list is Extract<typeof list, { use: Use }> => list.use === use,
  )

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
