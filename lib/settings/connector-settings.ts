import * as v from 'valibot'
import { setting } from './setting.ts'
import { baseUrl, group, nonEmptyList, scopeToken } from './values.ts'

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

/** The authorization servers that keep their own clients, to which clients are pushed. */
export const connectors = v.array(v.variant('type', [keycloak, hydra]))

export type ConnectorSettings = v.InferOutput<typeof connectors>[number]
export type KeycloakSettings = v.InferOutput<typeof keycloak>
export type HydraSettings = v.InferOutput<typeof hydra>
