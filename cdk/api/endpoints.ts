import { table } from '../../lib/adapters/dynamodb/table.ts'
import { useReportsKey } from '../../lib/read/client-use.ts'
import type { Settings } from '../../lib/settings/schema.ts'
import type { SecretName } from '../secrets.ts'
import type { TableUses } from './table-uses.ts'

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
  /** What it serves, for `npm start` and for the reference of its concurrency settings. */
  readonly description: string
  /**
   * Methods by path, for people: the Lambda decides them. A route accepts ANY method, so that a
   * wrong one gets an OAuth JSON error with an `Allow` header. Without routes there is no Lambda.
   */
  readonly routes: (settings: Settings) => Readonly<Record<string, string>>
  readonly table: (uses: TableUses) => readonly TableGrant[]
  readonly secrets: readonly SecretName[]
}

const clients = ['CLIENT#*']
const initialAccessTokens = ['IAT#*']
const usedTokens = ['JTI#*']
const owners = ['OWNER#*']
const hours = ['HOUR#*']
const responses = ['IDEMPOTENCY#*']
const tombstones = ['TOMBSTONE#*']
const jobs = ['JOB#*']
const pendingRegistrations = ['REGISTRATION#*']

const { listing, byOwner, bySoftware, byInitialAccessToken, byLabel } = table
const { byDue, byName, byRedirectHost } = table
const names = (...indexes: readonly { readonly indexName: string }[]) =>
  indexes.map(({ indexName }) => indexName)

/** Every endpoint of a stage, by its file name in functions/, without extension. */
export const endpoints = {
  'register-client': {
    description: 'client registration',
    // With registration disabled, the path is unknown, like any other.
    routes: ({ registration, registrationPath }) =>
      registration === 'disabled' ? {} : { [registrationPath]: 'POST' },
    table: ({
      storesUsedTokens,
      hooksRegistrations,
      sharesClients,
      countsOwners,
      countsHours,
      defersRegistrations,
    }) => [
      {
        actions: ['PutItem'],
        keys: [...clients, ...responses, ...(storesUsedTokens ? usedTokens : [])],
      },
      { actions: ['GetItem'], keys: [...initialAccessTokens, ...responses] },
      { actions: ['UpdateItem'], keys: initialAccessTokens },
      ...(hooksRegistrations || sharesClients ? [{ actions: ['GetItem'], keys: clients }] : []),
      ...(sharesClients ? [{ actions: ['UpdateItem'], keys: clients }] : []),
      ...(countsOwners ? [{ actions: ['UpdateItem'], keys: owners }] : []),
      ...(countsHours ? [{ actions: ['UpdateItem'], keys: hours }] : []),
      ...(defersRegistrations
        ? [
            {
              actions: ['PutItem', 'GetItem', 'UpdateItem', 'DeleteItem'],
              keys: pendingRegistrations,
            },
          ]
        : []),
    ],
    // The static token exists only when the setting enables it.
    secrets: ['keyRing', 'clientSecretKeyRing', 'masterToken', 'staticInitialAccessToken'],
  },
  'client-configuration': {
    description: 'client configuration',
    routes: ({ registrationPath }) => ({
      [`${registrationPath}/{client_id}`]: 'GET, PUT, DELETE',
      [`${registrationPath}/{client_id}/client-secret`]: 'POST',
    }),
    table: ({ acceptsSignedRequests }) => [
      { actions: ['GetItem', 'UpdateItem', 'DeleteItem'], keys: clients },
      ...(acceptsSignedRequests ? [{ actions: ['PutItem'], keys: usedTokens }] : []),
      releaseOwnerQuota,
    ],
    secrets: ['keyRing', 'clientSecretKeyRing'],
  },
  'initial-access-tokens': {
    description: 'initial access tokens',
    routes: () => ({
      '/initial-access-tokens': 'POST, GET',
      '/initial-access-tokens/{id}': 'DELETE',
    }),
    table: ({ storesUsedOperatorTokens }) => [
      { actions: ['PutItem', 'DeleteItem', 'BatchGetItem'], keys: initialAccessTokens },
      ...(storesUsedOperatorTokens ? [{ actions: ['PutItem'], keys: usedTokens }] : []),
      { actions: ['GetItem'], keys: clients },
      { actions: ['Query'], keys: initialAccessTokens, on: names(listing) },
    ],
    secrets: ['masterToken'],
  },
  clients: {
    description: 'clients',
    routes: ({ approval }) => ({
      '/clients': 'GET',
      '/clients/{client_id}': 'GET, PATCH, DELETE',
      '/clients/{client_id}/approval': 'POST',
      '/clients/{client_id}/secret-check': 'POST',
      '/clients/{client_id}/registration-access-token': 'POST',
      ...(approval === 'draft' && {
        '/pending-registrations/{verification_code}': 'GET',
        '/pending-registrations/{verification_code}/approval': 'POST',
      }),
      '/applications': 'GET, HEAD',
    }),
    table: ({
      storesUsedReaderTokens,
      defersRegistrations,
      cleansUp,
      findsByName,
      findsByRedirectHost,
    }) => [
      { actions: ['GetItem', 'BatchGetItem', 'UpdateItem', 'DeleteItem'], keys: clients },
      ...(storesUsedReaderTokens ? [{ actions: ['PutItem'], keys: usedTokens }] : []),
      ...(defersRegistrations
        ? [{ actions: ['GetItem', 'UpdateItem'], keys: pendingRegistrations }]
        : []),
      releaseOwnerQuota,
      { actions: ['Query'], keys: [...clients, 'LABELLED#*', 'PENDING#*'], on: names(listing) },
      { actions: ['Query'], on: names(byOwner, bySoftware, byInitialAccessToken, byLabel) },
      ...(cleansUp
        ? [
            { actions: ['Query'], keys: ['DUE#*', 'STALE#*'], on: names(byDue) },
            { actions: ['Query'], keys: tombstones, on: names(listing) },
            { actions: ['BatchGetItem'], keys: tombstones },
          ]
        : []),
      ...(findsByName ? [{ actions: ['Query'], keys: ['NAME#*'], on: names(byName) }] : []),
      ...(findsByRedirectHost ? [{ actions: ['Query'], on: names(byRedirectHost) }] : []),
    ],
    // A reissued registration access token has a MAC made with the key ring.
    secrets: ['keyRing', 'masterToken'],
  },
  'client-secrets': {
    description: 'client secrets',
    routes: () => ({ '/clients/{client_id}/client-secret': 'POST' }),
    table: ({ storesUsedOperatorTokens }) => [
      { actions: ['GetItem', 'UpdateItem'], keys: clients },
      ...(storesUsedOperatorTokens ? [{ actions: ['PutItem'], keys: usedTokens }] : []),
    ],
    // A secret issued before version 0.2.0 is encrypted with the key ring.
    secrets: ['keyRing', 'clientSecretKeyRing', 'masterToken'],
  },
  'clients-used': {
    description: 'reports of use',
    routes: () => ({ '/clients/used': 'POST' }),
    table: ({ storesUsedReporterTokens, cleansUp }) => [
      { actions: ['BatchGetItem', 'UpdateItem'], keys: clients },
      ...(cleansUp ? [recordReports] : []),
      ...(storesUsedReporterTokens ? [{ actions: ['PutItem'], keys: usedTokens }] : []),
    ],
    secrets: ['masterToken'],
  },
  'disable-clients': {
    description: 'disabling of clients',
    routes: () => ({
      '/clients/disable': 'POST',
      '/disable-jobs': 'GET',
      '/disable-jobs/{id}': 'GET, POST',
    }),
    table: ({ storesUsedOperatorTokens }) => [
      { actions: ['PutItem', 'GetItem', 'BatchGetItem'], keys: jobs },
      { actions: ['BatchGetItem', 'UpdateItem'], keys: clients },
      ...(storesUsedOperatorTokens ? [{ actions: ['PutItem'], keys: usedTokens }] : []),
      {
        actions: ['Query'],
        keys: [...clients, 'LABELLED#*', 'PENDING#*', ...jobs],
        on: names(listing),
      },
      { actions: ['Query'], on: names(byOwner, bySoftware) },
    ],
    secrets: ['masterToken'],
  },
  discovery: {
    description: 'discovery',
    routes: (settings) => ({
      ...Object.fromEntries(wellKnown(settings).map((path) => [path, 'GET, HEAD'])),
      '/openapi.json': 'GET, HEAD',
      $default: 'GET, HEAD',
    }),
    table: () => [],
    secrets: [],
  },
} as const satisfies Readonly<Record<string, Endpoint>>

export type EndpointName = keyof typeof endpoints

/**
 * Granted whatever the current settings: clients counted under earlier settings can still be
 * deleted.
 */
const releaseOwnerQuota: TableGrant = { actions: ['UpdateItem'], keys: owners }

/** With clean-up, a report of use notes that there was one. */
export const recordReports: TableGrant = {
  actions: ['GetItem', 'UpdateItem'],
  keys: [useReportsKey.pk],
}

/**
 * Paths of the discovery documents. OpenID Connect Discovery 1.0 §4 appends the well-known path to
 * the issuer's path; RFC 8414 §3.1 inserts it before.
 */
export function wellKnown({ issuer }: Settings): readonly string[] {
  const root = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server']
  const path = issuer === undefined ? '' : new URL(issuer).pathname.replace(/\/$/, '')
  if (path === '') return root
  return [...root, `${root[1]}${path}`, `${path}${root[0]}`]
}
