import * as v from 'valibot'
import {
  contentEncryption,
  macs,
  publicKeyEncryption,
  secretKeyEncryption,
  signatures,
} from '../metadata/algorithms.ts'
import { group, names, scopeToken } from './values.ts'

const among = <const Value extends string>(...allowed: readonly Value[]) =>
  v.optional(v.array(v.picklist(allowed, `expected one of ${allowed.join(', ')}`)))

/** With `none` where a specification lets the client ask for no signature. */
const signingAlgs = among(...signatures, ...macs)
const signingAlgsOrNone = among(...signatures, ...macs, 'none')
const encryptionAlgs = among('RSA1_5', ...publicKeyEncryption, ...secretKeyEncryption)
const encryptionEncs = among(...contentEncryption)

const host = v.pipe(
  v.string(),
  v.regex(
    /^\.?[a-z0-9_-]+(\.[a-z0-9_-]+)*$|^\[[0-9a-f:.]+\]$/,
    'expected a host in lower case, or .example.com for all under it',
  ),
)

const scheme = v.pipe(
  v.string(),
  v.regex(/^[a-z][a-z0-9+.-]+$/, 'expected a scheme in lower case, without colon'),
)

/** How a team describes a member of its own. */
const declaration = v.strictObject({
  type: v.picklist(['string', 'boolean', 'integer', 'url', 'strings', 'object']),
  enum: v.optional(v.pipe(v.array(v.string()), v.minLength(1))),
  maxLength: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
})

const declarations = v.record(
  v.pipe(v.string(), v.regex(/^[A-Za-z][\w.:/-]{0,127}$/, 'expected a name')),
  declaration,
)

/** What the authorization server supports, and how strictly clients are held to it. */
export const metadataSettings = group({
  grantTypes: v.optional(names, ['authorization_code', 'refresh_token', 'client_credentials']),
  responseTypes: v.optional(names, ['code']),
  tokenEndpointAuthMethods: v.optional(
    v.pipe(names, v.minLength(1, 'expected at least one method')),
    ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
  ),
  scopes: v.optional(v.array(scopeToken)),
  responseModes: v.optional(names),
  acrValues: v.optional(names),
  authorizationDetailsTypes: v.optional(names),
  subjectTypes: among('public', 'pairwise'),
  clientRegistrationTypes: among('automatic', 'explicit'),
  tokenEndpointAuthSigningAlgs: signingAlgs,
  idTokenSigningAlgs: signingAlgsOrNone,
  idTokenEncryptionAlgs: encryptionAlgs,
  idTokenEncryptionEncs: encryptionEncs,
  userinfoSigningAlgs: signingAlgsOrNone,
  userinfoEncryptionAlgs: encryptionAlgs,
  userinfoEncryptionEncs: encryptionEncs,
  requestObjectSigningAlgs: signingAlgsOrNone,
  requestObjectEncryptionAlgs: encryptionAlgs,
  requestObjectEncryptionEncs: encryptionEncs,
  introspectionSigningAlgs: signingAlgs,
  introspectionEncryptionAlgs: encryptionAlgs,
  introspectionEncryptionEncs: encryptionEncs,
  authorizationSigningAlgs: signingAlgs,
  authorizationEncryptionAlgs: encryptionAlgs,
  authorizationEncryptionEncs: encryptionEncs,
  nfvTokenSigningAlgs: signingAlgs,
  nfvTokenEncryptionAlgs: encryptionAlgs,
  nfvTokenEncryptionEncs: encryptionEncs,
  backchannelAuthenticationRequestSigningAlgs: among(...signatures),
  backchannelTokenDeliveryModes: among('poll', 'ping', 'push'),
  backchannelUserCodeParameter: v.optional(v.boolean(), false),
  requireSignedRequestObject: v.optional(v.boolean(), false),
  requirePushedAuthorizationRequests: v.optional(v.boolean(), false),
  redirectUris: v.optional(
    group({
      hosts: v.optional(v.array(host)),
      schemes: v.optional(v.array(scheme)),
      reverseDomainSchemes: v.optional(v.boolean(), false),
      claimedHttps: v.optional(v.boolean(), true),
    }),
    {},
  ),
  /** Whether documents that a client names are fetched and checked; see decision 0012 for what holds unless said. */
  documents: v.optional(v.picklist(['off', 'warn', 'on'])),
  unsupported: v.optional(v.picklist(['narrow', 'refuse']), 'narrow'),
  unknown: v.optional(
    v.union(
      [v.picklist(['drop', 'refuse']), v.strictObject({ allow: declarations })],
      'expected drop, refuse or { allow: { name: { type, enum, maxLength } } }',
    ),
    'drop',
  ),
})
