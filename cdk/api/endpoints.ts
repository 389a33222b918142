import { table } from '../../lib/adapters/dynamodb/table.ts'
import type { Settings } from '../../lib/settings/settings.ts'
import { declaredLimits } from '../bundling/extension-policies.ts'
import type { SecretName } from '../secrets.ts'
import type { StageSettings } from '../settings/settings.ts'

/** Table actions granted to one Lambda, limited to items by key prefix. */
export type TableGrant = {
  readonly actions: readonly string[]
  /** Patterns for the partition key. Omitted when it can be any value, as in an index by owner. */
  readonly keys?: readonly string[]
  /** Names of the indexes to query. Default: the table itself. */
  readonly on?: readonly string[]
}

/** One endpoint: its Lambda, its routes, and its permissions. */
export type Endpoint = {
  /** File name in functions/, without extension. */
  readonly name: keyof StageSettings['concurrency']
  readonly routes: readonly string[]
  readonly table: readonly TableGrant[]
  readonly secrets: readonly SecretName[]
}

const clients = ['CLIENT#*']
const initialAccessTokens = ['IAT#*']
const usedTokens = ['JTI#*']
const owners = ['OWNER#*']
const hours = ['HOUR#*']

const { listing, byOwner, bySoftware, byInitialAccessToken, byLabel } = table
const names = (...indexes: readonly { readonly indexName: string }[]) =>
  indexes.map(({ indexName }) => indexName)

/**
 * Every endpoint of a stage. `extensions` is a folder that replaces functions/extensions. Routes
 * accept ANY method, so that a wrong method gets an OAuth JSON error with an `Allow` header.
 */
export function endpoints(settings: Settings, extensions?: string): readonly Endpoint[] {
  const { registration, registrationPath, signedRequest, accessTokenIssuers } = settings
  const takesSigned = signedRequest.issuers.length > 0
  const takesOnce = takesSigned || accessTokenIssuers.some(({ singleUse }) => singleUse)
  const administersOnce = accessTokenIssuers.some(
    ({ singleUse, administers }) => singleUse && administers,
  )
  const usedByOperators = administersOnce ? [{ actions: ['PutItem'], keys: usedTokens }] : []
  // A configured policy that `policies` does not list still applies to registrations whose token
  // names it.
  const limits = declaredLimits(settings, extensions)
  const all: readonly Endpoint[] = [
    {
      name: 'register-client',
      // With registration disabled, the path is unknown, like any other.
      routes: registration === 'disabled' ? [] : [registrationPath],
      table: [
        { actions: ['PutItem'], keys: takesOnce ? [...clients, ...usedTokens] : clients },
        { actions: ['GetItem', 'UpdateItem'], keys: initialAccessTokens },
        ...(limits.includes('limitClientsOfOwner')
          ? [{ actions: ['UpdateItem'], keys: owners }]
          : []),
        ...(limits.includes('limitAnonymousClients')
          ? [{ actions: ['UpdateItem'], keys: hours }]
          : []),
      ],
      // The static token exists only when the setting enables it.
      secrets: ['keyRing', 'masterToken', 'staticInitialAccessToken'],
    },
    {
      name: 'client-configuration',
      routes: [`${registrationPath}/{client_id}`],
      table: [
        { actions: ['GetItem', 'UpdateItem', 'DeleteItem'], keys: clients },
        ...(takesSigned ? [{ actions: ['PutItem'], keys: usedTokens }] : []),
        releaseOwnerQuota,
      ],
      secrets: ['keyRing'],
    },
    {
      name: 'initial-access-tokens',
      routes: ['/initial-access-tokens', '/initial-access-tokens/{id}'],
      table: [
        { actions: ['PutItem', 'DeleteItem', 'BatchGetItem'], keys: initialAccessTokens },
        ...usedByOperators,
        { actions: ['GetItem'], keys: clients },
        { actions: ['Query'], keys: initialAccessTokens, on: names(listing) },
      ],
      secrets: ['masterToken'],
    },
    {
      name: 'clients',
      routes: [
        '/clients',
        '/clients/{client_id}',
        '/clients/{client_id}/registration-access-token',
        '/applications',
      ],
      table: [
        { actions: ['GetItem', 'BatchGetItem', 'UpdateItem', 'DeleteItem'], keys: clients },
        ...usedByOperators,
        releaseOwnerQuota,
        { actions: ['Query'], keys: [...clients, 'LABELLED#*'], on: names(listing) },
        { actions: ['Query'], on: names(byOwner, bySoftware, byInitialAccessToken, byLabel) },
      ],
      // A reissued registration access token has a MAC made with the key ring.
      secrets: ['keyRing', 'masterToken'],
    },
    { name: 'discovery', routes: [...wellKnown(settings), '$default'], table: [], secrets: [] },
  ]
  return all.filter(({ routes }) => routes.length > 0)
}

/**
 * Granted whatever the current settings: clients counted under earlier settings can still be
 * deleted.
 */
const releaseOwnerQuota: TableGrant = { actions: ['UpdateItem'], keys: owners }

/**
 * Paths of the discovery documents. OpenID Connect Discovery 1.0 §4 appends the well-known path to
 * the issuer's path; RFC 8414 §3.1 inserts it before.
 */
function wellKnown({ issuer }: Settings): readonly string[] {
  const root = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server']
  const path = issuer === undefined ? '' : new URL(issuer).pathname.replace(/\/$/, '')
  if (path === '') return root
  return [...root, `${root[1]}${path}`, `${path}${root[0]}`]
}
