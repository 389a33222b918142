import * as v from 'valibot'
import { cleanUpSettings } from './clean-up-settings.ts'
import { connectors } from './connector-settings.ts'
import { metadataSettings } from './metadata-settings.ts'
import { policySettings } from './policy-settings.ts'
import { type ProfileName, profiles } from './profiles.ts'
import { optionalSetting, setting } from './setting.ts'
import { issuerKeys, jwsAlgorithms } from './trusted-issuer.ts'
import { baseUrl, group, integer, names, record, scopeToken, serverUrl } from './values.ts'

const day = 86_400
const maxSeconds = 3650 * day

const path = v.pipe(
  v.string(),
  v.regex(/^(\/[A-Za-z0-9._~-]+)+$/, 'expected a path such as `/oauth2/register`'),
)

const initialAccessToken = group({
  static: setting('also accept one static token, stored in Secrets Manager', v.boolean(), false),
  lifetime: setting(
    'default lifetime in seconds; can be overridden per token',
    integer(1, maxSeconds),
    day,
  ),
  maxUses: setting(
    'default number of registrations per token; can be overridden per token',
    integer(1, 1_000_000),
    1,
  ),
  consumed: setting(
    'when a use is consumed: by a successful registration, by any attempt, or never; can be overridden per token',
    v.picklist(['on_success', 'on_attempt', 'never']),
    'on_success',
  ),
})

const accessTokenIssuer = issuerKeys({
  // The issuer is part of a DynamoDB key, which is limited to 2,048 bytes, and is stored in each
  // client.
  issuer: v.pipe(
    v.string(),
    v.regex(/^[\x20-\x7E]{1,255}$/, 'expected the value of the iss claim, 1 to 255 of ASCII'),
  ),
  audience: v.pipe(
    names,
    v.minLength(1, 'expected at least one audience'),
    v.description('accepted audiences'),
  ),
  singleUse: setting(
    'accept each token for one request only: a registration, an operator request, a read or a report',
    v.boolean(),
    false,
  ),
  requireJti: optionalSetting(
    'require a `jti` in each token; defaults to `singleUse`',
    v.boolean(),
  ),
  administers: setting('accept tokens with `adminScope` for operator requests', v.boolean(), false),
  reads: setting(
    'accept tokens with `readScope` for reading clients and checking secrets; implied by `administers`',
    v.boolean(),
    false,
  ),
  reportsUse: setting(
    'accept tokens with `useScope` for reports of use; implied by `administers`',
    v.boolean(),
    false,
  ),
})

const typ = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9!#$&^_.+-]+$/, 'expected a typ in lower case, without application/'),
)

const issuers = v.array(issuerKeys({}))

/**
 * A list of issuers, or a keyword that refers to one. Each has its own schema, so that the error
 * names the invalid issuer.
 */
const requestIssuers = v.lazy((input) =>
  typeof input === 'string'
    ? v.literal('software_statement', 'expected a list, or software_statement')
    : issuers,
)

const signed = {
  audience: setting(
    'accepted values of `aud`, in addition to the issuer and the registration endpoint',
    names,
    [],
  ),
  typ: optionalSetting(
    'the only accepted `typ`; defaults to none or `JWT` (for a request also `JOSE`)',
    typ,
  ),
  algorithms: jwsAlgorithms,
}

const registrationAccessToken = group({
  issue: setting('issue a token to each client; a policy can override this', v.boolean(), true),
  lifetime: setting('lifetime in seconds; 0 = never expires', integer(0, maxSeconds), 30 * day),
  rotateOn: setting('requests that replace the token', v.array(v.picklist(['read', 'update'])), [
    'update',
  ]),
  reuseWindow: setting(
    'seconds after a rotation in which the previous token still works and returns the current one; 0 = it stops working immediately',
    integer(0, 300),
    0,
  ),
  onReuse: setting(
    'response to a replaced token that is used outside `reuseWindow`: reject it, or also disable its client',
    v.picklist(['refuse', 'disable']),
    'refuse',
  ),
  requireMac: setting(
    'reject tokens without a MAC (issued by early versions) before any lookup; set it once those have rotated or expired',
    v.boolean(),
    false,
  ),
})

const clientSecret = group({
  bytes: setting('number of random bytes', integer(32, 256), 64),
  alphabet: setting(
    'characters of a secret: `base64url`, or `alphanumeric` for servers that take letters and digits only',
    v.picklist(['base64url', 'alphanumeric']),
    'base64url',
  ),
  lifetime: setting('lifetime in seconds; 0 = never expires', integer(0, maxSeconds), 0),
  overlap: setting(
    'seconds for which the previous secret stays valid after a renewal; 0 = it stops working at once',
    integer(0, 2_592_000),
    0,
  ),
  storage: setting(
    'how secrets are stored: `encrypted`, so that a read can return them, or as a `digest`',
    v.picklist(['encrypted', 'digest']),
    'encrypted',
  ),
})

const limits = group({
  body: setting('maximum size of a request body in bytes', integer(1024, 1_048_576), 65_536),
  // Each may be a host with a quota, and a transaction of DynamoDB has at most 100 writes.
  redirectUris: setting('maximum number of redirect URIs per client', integer(1, 90), 20),
  uriLength: setting('maximum length of a URI in characters', integer(64, 8192), 2048),
  stringLength: setting(
    'maximum length of any other string in characters',
    integer(64, 16_384),
    4096,
  ),
  item: setting(
    "maximum size of a client's metadata as JSON, in bytes",
    integer(4096, 16_384),
    16_384,
  ),
})

/**
 * What a registration without a token may contain if `registration` is `dynamic`. Also applies to
 * its updates.
 */
const anonymous = group({
  grantTypes: setting(
    'allowed grant types; defaults to `metadata.grantTypes` where that is set',
    names,
    ['authorization_code', 'refresh_token'],
  ),
  scopes: optionalSetting(
    'allowed scope tokens; defaults to `metadata.scopes` or, without that, to those of OpenID Connect Core',
    v.array(scopeToken),
  ),
  // Each kilobyte costs one capacity unit whenever anyone guesses a token of the client. Two RSA
  // keys and five names fit.
  item: setting(
    "maximum size of a client's metadata as JSON, in bytes",
    integer(1024, 16_384),
    4096,
  ),
  fetchDocuments: setting('fetch the documents that clients refer to', v.boolean(), false),
})

/** Every setting that the service reads (times in seconds, sizes in bytes). */
export const schema = group({
  profile: optionalSetting(
    'predefined settings, which the other settings override',
    v.picklist(Object.keys(profiles) as ProfileName[]),
  ),
  issuer: optionalSetting(
    'URL of the authorization server; defaults to the URL of the API',
    serverUrl,
  ),
  baseUrl: optionalSetting(
    'public URL of this API; defaults to the URL that API Gateway assigns',
    baseUrl,
  ),
  registrationPath: setting('path of the registration endpoint', path, '/register'),
  registration: setting(
    'who may register: holders of a token with `registrationScope`, holders of any valid token, anyone, or nobody',
    v.picklist(['scoped', 'token', 'dynamic', 'disabled']),
    'scoped',
  ),
  approval: setting(
    'whether an operator approves registrations, except those with the master token: `disabled_until_approved` registers each client disabled; `draft` also defers the registration of clients that ask for it',
    v.picklist(['off', 'disabled_until_approved', 'draft']),
    'off',
  ),
  pendingRegistration: setting(
    'registrations that `approval: draft` defers',
    group({
      lifetime: setting('seconds in which one can be approved and polled', integer(1, day), 3600),
      interval: setting('minimum seconds between two polls', integer(1, 300), 5),
    }),
    {},
  ),
  registrationScope: setting(
    'scope that a registration requires; `…:grant:<grant>` and `…:scope:<scope>` restrict the client to that grant type or scope',
    scopeToken,
    'client-reg',
  ),
  trustedRegistrationScope: setting(
    'scope that the registration of a trusted client requires, in every mode',
    scopeToken,
    'realm',
  ),
  adminScope: setting(
    'scope with which an access token is accepted as the master token, from an issuer with `administers`',
    scopeToken,
    'client-admin',
  ),
  readScope: setting(
    'scope with which an access token reads a client or checks a client secret, from an issuer with `reads` or `administers`',
    scopeToken,
    'clients:read',
  ),
  sharing: setting(
    'whether public clients that are registered without a token share one `client_id` if their metadata are equal, loopback ports aside; the authorization server must ignore these ports (RFC 8252 §7.3)',
    v.picklist(['off', 'public']),
    'off',
  ),
  useScope: setting(
    'scope with which an access token reports that clients were used, from an issuer with `reportsUse` or `administers`',
    scopeToken,
    'clients:use',
  ),
  missingTokenStatus: setting(
    'HTTP status of a request without a token',
    v.picklist([401, 403]),
    401,
  ),
  successStatus: setting('HTTP status of a successful registration', v.picklist([201, 200]), 201),
  ignoreUnknownTokens: setting(
    'treat a bearer token of an unknown issuer as absent at registration',
    v.boolean(),
    false,
  ),
  aliases: setting(
    'also accept `redirect_url` and `scopes`, and return `scopes` and `registration_access_token_expires_in`',
    v.boolean(),
    false,
  ),
  initialAccessToken: setting('initial access tokens', initialAccessToken, {}),
  accessTokenIssuers: setting(
    'issuers whose JWT access tokens may register clients: a list of `{ issuer, audience, jwks or jwksUri, singleUse, requireJti, administers, reads, reportsUse }`',
    v.array(accessTokenIssuer),
    [],
  ),
  softwareStatement: setting(
    'software statements',
    group({
      required: setting('require a software statement in each request', v.boolean(), false),
      issuers: setting('trusted issuers: a list of `{ issuer, jwks or jwksUri }`', issuers, []),
      requiredClaims: setting('claims that each statement must contain', names, []),
      jwksClaims: setting(
        'claims that may contain the keys of the software or their URL; the first one present is registered as `jwks` or `jwks_uri` if the statement has neither',
        v.pipe(names, v.minLength(1, 'expected at least one claim')),
        ['jwks', 'jwks_uri', 'software_jwks_uri', 'software_jwks_endpoint'],
      ),
      ...signed,
    }),
    {},
  ),
  signedRequest: setting(
    'requests whose body is a signed JWT',
    group({
      required: setting('require each request to be signed', v.boolean(), false),
      issuers: setting(
        'trusted issuers: a list of `{ issuer, jwks or jwksUri }`; or `software_statement`: the software itself, with the keys that the statement in its request names',
        requestIssuers,
        [],
      ),
      maxAge: setting('maximum age in seconds, from `iat`', integer(1, maxSeconds), 300),
      requireJti: setting(
        'require a `jti`, which makes each request single-use; without one, a request can be replayed until `maxAge`',
        v.boolean(),
        true,
      ),
      ...signed,
    }),
    {},
  ),
  anonymous: setting('restrictions on registrations without a token', anonymous, {}),
  policies: setting('names of the policies that apply to every request, in order', names, []),
  policySettings: setting('configuration of the built-in policies', policySettings, {}),
  registrationAccessToken: setting('registration access tokens', registrationAccessToken, {}),
  clientSecret: setting('client secrets', clientSecret, {}),
  findClientsBy: setting(
    'further ways for the operator to find clients: each adds an index and its cost; turn on one per deploy of an existing table, because CloudFormation adds one index at a time',
    group({
      name: setting('find clients by the beginning of their name', v.boolean(), false),
      redirectHost: setting('find clients by the host of a redirect URI', v.boolean(), false),
    }),
    {},
  ),
  cleanUp: setting('clean-up of clients that nobody uses', cleanUpSettings, {}),
  connectors: setting(
    'authorization servers that keep their own clients, to which clients are pushed ([connectors](../../functions/connectors/README.md)): a list of `{ type: keycloak, url, realm, clientId, secretArn, defaultScopes, optionalScopes, consentRequired, synchronous }`, `{ type: hydra, url, secretArn, defaultScopes, audience, synchronous }` or `{ type: cognito, userPoolArn, endpoint, maxClients, defaultScopes, identityProviders }`',
    connectors,
    [],
  ),
  metadata: setting('what the authorization server supports', metadataSettings, {}),
  discovery: setting(
    'additional members of the authorization server metadata, published with `registration_endpoint`',
    record(v.string(), v.unknown()),
    {},
  ),
  limits: setting('request limits', limits, {}),
})

/** Settings as written: each one is optional (times in seconds, sizes in bytes). */
export type SettingsInput = v.InferInput<typeof schema>

/** Validated settings with all defaults (times in seconds, sizes in bytes). */
export type Settings = v.InferOutput<typeof schema>
