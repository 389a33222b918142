import * as v from 'valibot'
import { deploymentSettings } from './deployment-settings.ts'
import { metadataSettings } from './metadata-settings.ts'
import { policySettings } from './policy-settings.ts'
import { type ProfileName, profiles } from './profiles.ts'
import { optionalSetting, setting } from './setting.ts'
import { issuerKeys, jwsAlgorithms } from './trusted-issuer.ts'
import {
  baseUrl,
  group,
  headerName,
  integer,
  names,
  origins,
  scopeToken,
  serverUrl,
} from './values.ts'

const day = 86_400
const maxSeconds = 3650 * day

const path = v.pipe(
  v.string(),
  v.regex(/^(\/[A-Za-z0-9._~-]+)+$/, 'expected a path such as /oauth2/register'),
)

const initialAccessToken = group({
  static: setting('whether one fixed token, in Secrets Manager, admits too', v.boolean(), false),
  lifetime: setting('seconds; a token may have its own', integer(1, maxSeconds), day),
  maxUses: setting(
    'registrations one token is good for; a token may have its own',
    integer(1, 1_000_000),
    1,
  ),
  consumed: setting(
    'when a use is spent: by a registration that succeeds, by any attempt, or never; a token may have its own',
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
    v.description('audiences that are accepted'),
  ),
  singleUse: setting(
    'whether a token ends with the registration that it admits, or the request that it administers with',
    v.boolean(),
    false,
  ),
  requireJti: optionalSetting(
    'whether each token needs a `jti`; unless said, where `singleUse` is set',
    v.boolean(),
  ),
  administers: setting('whether a token with `adminScope` is the operator', v.boolean(), false),
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
    'what `aud` may name beside the issuer and the registration endpoint',
    names,
    [],
  ),
  typ: optionalSetting(
    'the only `typ` that is accepted; unless said, none or `JWT` (of a request also `JOSE`)',
    typ,
  ),
  algorithms: jwsAlgorithms,
}

const registrationAccessToken = group({
  issue: setting('whether clients are given one; a policy may decide otherwise', v.boolean(), true),
  lifetime: setting('seconds; 0 never expires', integer(0, maxSeconds), 30 * day),
  rotateOn: setting('which requests replace the token', v.array(v.picklist(['read', 'update'])), [
    'update',
  ]),
  reuseWindow: setting(
    'seconds for which the token before the current one is answered with the current one; 0 ends it at once',
    integer(0, 300),
    0,
  ),
  onReuse: setting(
    'what a token does that was replaced and is used again outside the window: it is refused, or disables its client, too',
    v.picklist(['refuse', 'disable']),
    'refuse',
  ),
  requireMac: setting(
    'whether tokens from before tokens had a MAC are refused unseen; set it once those have rotated or expired',
    v.boolean(),
    false,
  ),
})

const clientSecret = group({
  bytes: setting('random bytes of a secret', integer(32, 256), 64),
  lifetime: setting('seconds; 0 never expires', integer(0, maxSeconds), 0),
  storage: setting(
    'whether a read can show the secret again',
    v.picklist(['encrypted', 'digest']),
    'encrypted',
  ),
})

const limits = group({
  body: setting('bytes of a request body', integer(1024, 1_048_576), 65_536),
  redirectUris: setting('redirect URIs of a client', integer(1, 100), 20),
  uriLength: setting('characters of a URI', integer(64, 8192), 2048),
  stringLength: setting('characters of any other string', integer(64, 16_384), 4096),
  item: setting("bytes of a client's metadata as JSON", integer(4096, 16_384), 16_384),
})

/**
 * What a registration without a token may contain if `registration` is `dynamic`. Also applies to
 * its updates.
 */
const anonymous = group({
  grantTypes: setting(
    'grant types; those of `metadata.grantTypes` where that is set and this is not',
    names,
    ['authorization_code', 'refresh_token'],
  ),
  scopes: optionalSetting(
    'scope tokens; unless said those of `metadata.scopes` or, without that, of OpenID Connect Core',
    v.array(scopeToken),
  ),
  // Each kilobyte costs one capacity unit whenever anyone guesses a token of the client. Two RSA
  // keys and five names fit.
  item: setting("bytes of a client's metadata as JSON", integer(1024, 16_384), 4096),
  fetchDocuments: setting(
    'whether the documents that clients name are fetched',
    v.boolean(),
    false,
  ),
})

const cors = group({
  origins: setting('such as `https://app.example`; `["*"]` for all', origins, []),
  allowHeaders: setting(
    'headers that these pages may send; `*` stands for all but `authorization`, which is always allowed',
    v.array(headerName),
    ['authorization', 'content-type', 'mcp-protocol-version', '*'],
  ),
})

const log = group({
  level: setting(
    'the least that is logged; each request has a line of level `info`, or `error` where it failed by a fault of ours',
    v.picklist(['info', 'debug', 'warn', 'error']),
    'info',
  ),
  retention: setting(
    'days for which logs are kept, of those that CloudWatch knows',
    v.picklist([
      30, 1, 3, 5, 7, 14, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
      3288, 3653,
    ]),
    30,
  ),
})

const throttle = group({
  rate: setting('requests per second', integer(1, 1_000_000), 100),
  burst: setting('requests at once', integer(1, 1_000_000), 200),
})

/** Every setting of a stage (times in seconds, sizes in bytes). */
export const schema = group({
  profile: optionalSetting(
    'ready settings that the others override',
    v.picklist(Object.keys(profiles) as ProfileName[]),
  ),
  issuer: optionalSetting("URL of the authorization server; the API's own unless said", serverUrl),
  baseUrl: optionalSetting("public URL of this API, where it is not the API's own", baseUrl),
  registrationPath: setting('path of the registration endpoint', path, '/register'),
  registration: setting(
    'who may register: holders of `registrationScope`, of any valid token, anyone, nobody',
    v.picklist(['scoped', 'token', 'dynamic', 'disabled']),
    'scoped',
  ),
  registrationScope: setting(
    'scope that a registration needs; `…:grant:<grant>` and `…:scope:<scope>` lock the client',
    scopeToken,
    'client-reg',
  ),
  trustedRegistrationScope: setting(
    'scope that a trusted client needs, in every mode',
    scopeToken,
    'realm',
  ),
  adminScope: setting(
    'scope of an access token that stands for the master token, where its issuer administers',
    scopeToken,
    'client-admin',
  ),
  missingTokenStatus: setting('status where no token was sent', v.picklist([401, 403]), 401),
  successStatus: setting('status of a registration', v.picklist([201, 200]), 201),
  ignoreUnknownTokens: setting(
    'whether a bearer that is no token of this service, or of a configured issuer, counts as none at registration',
    v.boolean(),
    false,
  ),
  aliases: setting(
    'whether `redirect_url` and `scopes` are understood too, and `scopes` and `registration_access_token_expires_in` answered',
    v.boolean(),
    false,
  ),
  initialAccessToken: setting('initial access tokens', initialAccessToken, {}),
  accessTokenIssuers: setting(
    'whose JWT access tokens admit: a list of `{ issuer, audience, jwks or jwksUri, singleUse, requireJti, administers }`',
    v.array(accessTokenIssuer),
    [],
  ),
  softwareStatement: setting(
    'software statements',
    group({
      required: setting('whether each request needs one', v.boolean(), false),
      issuers: setting(
        'who is trusted to sign: a list of `{ issuer, jwks or jwksUri }`',
        issuers,
        [],
      ),
      requiredClaims: setting('claims that each statement must have', names, []),
      jwksClaims: setting(
        'claims with the keys of the software, or their URL, the first that is there; registered as `jwks` or `jwks_uri` where a statement has neither',
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
      required: setting('whether each request has to be one', v.boolean(), false),
      issuers: setting(
        'who is trusted to sign: a list of `{ issuer, jwks or jwksUri }`; or `software_statement`: the software itself, by the keys that the statement in its request names',
        requestIssuers,
        [],
      ),
      maxAge: setting('seconds since its `iat`', integer(1, maxSeconds), 300),
      requireJti: setting(
        'whether each needs a `jti`, by which it is accepted once; without one it can be sent again until it is too old',
        v.boolean(),
        true,
      ),
      ...signed,
    }),
    {},
  ),
  anonymous: setting('what may be registered without a token', anonymous, {}),
  policies: setting('names of the policies of every request, in their order', names, []),
  policySettings: setting('what shipped policies are configured with', policySettings, {}),
  registrationAccessToken: setting('registration access tokens', registrationAccessToken, {}),
  clientSecret: setting('client secrets', clientSecret, {}),
  metadata: setting('what the authorization server supports', metadataSettings, {}),
  discovery: setting(
    "members of the authorization server's own metadata, published beside `registration_endpoint`",
    v.record(v.string(), v.unknown()),
    {},
  ),
  cors: setting('origins whose pages may call the API', cors, {}),
  limits: setting('the most that is accepted', limits, {}),
  throttle: setting(
    'what API Gateway aims to let through of all requests together: best effort, so that some more may pass',
    throttle,
    {},
  ),
  log: setting('what is logged', log, {}),
  ...deploymentSettings,
})

/** A stage's settings as written: each one is optional (times in seconds, sizes in bytes). */
export type SettingsInput = v.InferInput<typeof schema>

/** Validated settings of one stage with all defaults (times in seconds, sizes in bytes). */
export type Settings = v.InferOutput<typeof schema>
