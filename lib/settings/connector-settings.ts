import * as v from 'valibot'
import { optionalSetting, setting } from './setting.ts'
import { baseUrl, group, integer, nonEmptyList, scopeToken } from './values.ts'

const name = v.pipe(v.string(), v.regex(/^[\w.~-]{1,255}$/, 'expected letters, digits and ._~-'))

export const secretArn = v.pipe(
  v.string(),
  v.regex(
    /^arn:aws[\w-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6}$/,
    'expected the whole ARN of a secret, which ends in a hyphen and six characters',
  ),
)

/** What every connector has. */
const common = {
  synchronous: setting(
    'push each registration before it is answered, and reject it if the server does not take it',
    v.boolean(),
    true,
  ),
}

const keycloak = group({
  type: v.literal('keycloak'),
  url: baseUrl,
  realm: name,
  /** A confidential client of the realm, whose service account manages clients. */
  clientId: name,
  secretArn,
  /** Client scopes of the realm that every client gets beside those of its own. */
  defaultScopes: setting(
    'client scopes of the realm that every client has, whatever it registers',
    nonEmptyList(name),
    ['basic', 'acr', 'web-origins', 'roles'],
  ),
  optionalScopes: setting(
    'client scopes of the realm that a client may request if it registers no `scope`',
    v.array(name),
    ['profile', 'email', 'address', 'phone', 'offline_access'],
  ),
  consentRequired: setting('ask people for their consent', v.boolean(), true),
  ...common,
})

const hydra = group({
  type: v.literal('hydra'),
  /** The administration API, without `/admin`. */
  url: baseUrl,
  /** The bearer token of what protects the administration API. */
  secretArn,
  defaultScopes: setting('scopes of a client that registers no `scope`', nonEmptyList(scopeToken), [
    'openid',
    'offline_access',
  ]),
  audience: setting('audiences that every client may request', v.array(v.string()), []),
  ...common,
})

const cognito = group({
  type: v.literal('cognito'),
  userPoolArn: v.pipe(
    v.string(),
    v.regex(
      /^arn:aws[\w-]*:cognito-idp:[a-z0-9-]+:\d{12}:userpool\/[\w-]+_[0-9a-zA-Z]+$/,
      'expected the ARN of a user pool',
    ),
  ),
  endpoint: optionalSetting(
    'URL of the API of Cognito, in place of the one of the Region',
    baseUrl,
  ),
  maxClients: setting(
    'quota of app clients of the user pool; from 90 percent, registrations are rejected by 503',
    integer(10, 100_000),
    1_000,
  ),
  defaultScopes: setting('scopes of a client that registers no `scope`', nonEmptyList(scopeToken), [
    'openid',
  ]),
  identityProviders: setting(
    'identity providers of the user pool with which people sign in',
    nonEmptyList(v.string()),
    ['COGNITO'],
  ),
  /** Cognito chooses the identifier: there is no registration without it. */
  synchronous: setting('always', v.literal(true), true),
})

/** The authorization servers that keep their own clients, to which clients are pushed. */
export const connectors = v.array(v.variant('type', [keycloak, hydra, cognito]))

export type ConnectorSettings = v.InferOutput<typeof connectors>[number]
export type KeycloakSettings = v.InferOutput<typeof keycloak>
export type HydraSettings = v.InferOutput<typeof hydra>
export type CognitoSettings = v.InferOutput<typeof cognito>

/** The secrets of these connectors, which an operator creates. */
export const connectorSecrets = (connectors: readonly ConnectorSettings[]) =>
  connectors.flatMap((connector) =>
    'secretArn' in connector ? [{ secretArn: connector.secretArn }] : [],
  )
