import * as v from 'valibot'
import {
  contentEncryption,
  hmacs,
  publicKeyEncryption,
  secretKeyEncryption,
  signatures,
} from '../metadata/rules/algorithms.ts'
import { optionalSetting, setting } from './setting.ts'
import { group, host, integer, names, record, scopeToken } from './values.ts'

const subsetOf = <const Value extends string>(description: string, ...allowed: readonly Value[]) =>
  optionalSetting(
    description,
    v.array(v.picklist(allowed, `expected one of ${allowed.join(', ')}`)),
  )

const signing = (description: string) => subsetOf(description, ...signatures, ...hmacs)
/** Includes `none` if a specification lets the client request no signature. */
const signingOrNone = (description: string) =>
  subsetOf(description, ...signatures, ...hmacs, 'none')
const encryption = (description: string) =>
  subsetOf(description, 'RSA1_5', ...publicKeyEncryption, ...secretKeyEncryption)
const content = (description: string) => subsetOf(description, ...contentEncryption)

const scheme = v.pipe(
  v.string(),
  v.regex(/^[a-z][a-z0-9+.-]+$/, 'expected a scheme in lower case, without colon'),
)

const redirectUris = group({
  hosts: optionalSetting(
    'allowed hosts of https URIs, in addition to loopback; defaults to all',
    v.array(host),
  ),
  schemes: optionalSetting('allowed private-use schemes; defaults to all', v.array(scheme)),
  reverseDomainSchemes: setting('require a dot in a private-use scheme', v.boolean(), false),
  claimedHttps: setting('allow https URIs for native clients', v.boolean(), true),
})

/** The declaration of a custom member. */
const declaration = v.strictObject({
  type: v.picklist(['string', 'boolean', 'integer', 'url', 'strings', 'object']),
  enum: v.optional(v.pipe(v.array(v.string()), v.minLength(1))),
  maxLength: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
})

const declarations = record(
  v.pipe(v.string(), v.regex(/^[A-Za-z][\w.:/-]{0,127}$/, 'expected a name')),
  declaration,
)

/** What the authorization server supports, and how strictly client metadata is validated. */
export const metadataSettings = group({
  grantTypes: setting('grant types', names, [
    'authorization_code',
    'refresh_token',
    'client_credentials',
  ]),
  responseTypes: setting('response types; each requires its grant type to be supported', names, [
    'code',
  ]),
  tokenEndpointAuthMethods: setting(
    'authentication methods; without `client_secret_basic` the first one is the default',
    v.pipe(names, v.minLength(1, 'expected at least one method')),
    ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
  ),
  publicNativeClients: setting(
    'register a native client that names no authentication method as public (`none`), unless its other metadata requires a secret',
    v.boolean(),
    false,
  ),
  scopes: optionalSetting('scope tokens; defaults to any', v.array(scopeToken)),
  responseModes: optionalSetting('response modes', names),
  acrValues: optionalSetting('authentication context classes; defaults to any', names),
  authorizationDetailsTypes: optionalSetting(
    'types of authorization details (RFC 9396); defaults to any',
    names,
  ),
  subjectTypes: subsetOf('subject types; defaults to both', 'public', 'pairwise'),
  clientRegistrationTypes: subsetOf(
    'client registration types of OpenID Federation',
    'automatic',
    'explicit',
  ),
  tokenEndpointAuthSigningAlgs: signing('signatures of client assertions'),
  idTokenSigningAlgs: signingOrNone('signatures of ID Tokens'),
  idTokenEncryptionAlgs: encryption('key management of ID Tokens'),
  idTokenEncryptionEncs: content('content encryption of ID Tokens'),
  userinfoSigningAlgs: signingOrNone('signatures of UserInfo responses'),
  userinfoEncryptionAlgs: encryption('key management of UserInfo responses'),
  userinfoEncryptionEncs: content('content encryption of UserInfo responses'),
  requestObjectSigningAlgs: signingOrNone('signatures of request objects'),
  requestObjectEncryptionAlgs: encryption('key management of request objects'),
  requestObjectEncryptionEncs: content('content encryption of request objects'),
  introspectionSigningAlgs: signing('signatures of introspection responses'),
  introspectionEncryptionAlgs: encryption('key management of introspection responses'),
  introspectionEncryptionEncs: content('content encryption of introspection responses'),
  authorizationSigningAlgs: signing('signatures of authorization responses (JARM)'),
  authorizationEncryptionAlgs: encryption('key management of authorization responses'),
  authorizationEncryptionEncs: content('content encryption of authorization responses'),
  nfvTokenSigningAlgs: signing('signatures of NFV tokens'),
  nfvTokenEncryptionAlgs: encryption('key management of NFV tokens'),
  nfvTokenEncryptionEncs: content('content encryption of NFV tokens'),
  backchannelAuthenticationRequestSigningAlgs: subsetOf(
    'signatures of CIBA requests',
    ...signatures,
  ),
  backchannelTokenDeliveryModes: subsetOf('CIBA delivery modes', 'poll', 'ping', 'push'),
  backchannelUserCodeParameter: setting('support CIBA user codes', v.boolean(), false),
  requireSignedRequestObject: setting(
    'require signed request objects from every client',
    v.boolean(),
    false,
  ),
  requirePushedAuthorizationRequests: setting(
    'require pushed authorization requests from every client',
    v.boolean(),
    false,
  ),
  redirectUris: setting('restrictions on redirect URIs', redirectUris, {}),
  allowInternalHosts: setting(
    'allow localhost and special-use addresses in members that servers call, such as jwks_uri and backchannel_logout_uri; true if this service runs on loopback',
    v.boolean(),
    false,
  ),
  loadableBy: optionalSetting(
    'also apply the rules of this authorization server, so that it can load every client',
    v.picklist(['oidc-provider']),
  ),
  documents: optionalSetting(
    'fetch and check sector_identifier_uri and jwks_uri; defaults to the sector_identifier_uri of pairwise clients only',
    v.picklist(['off', 'warn', 'on']),
  ),
  documentPorts: setting(
    'allowed ports in the https URLs of those documents and of the keys that statements name',
    v.pipe(v.array(integer(1, 65_535)), v.minLength(1, 'expected at least one port')),
    [443],
  ),
  unsupported: setting(
    'drop unsupported values while others remain (`narrow`), or reject them (`refuse`)',
    v.picklist(['narrow', 'refuse']),
    'narrow',
  ),
  unknown: setting(
    'drop or reject (`refuse`) members that no specification defines; `allow` declares custom members',
    v.union(
      [v.picklist(['drop', 'refuse']), v.strictObject({ allow: declarations })],
      'expected drop, refuse or { allow: { name: { type, enum, maxLength } } }',
    ),
    'drop',
  ),
})
