import { OAuthError } from '../errors.ts'
import type { ClientFilter } from '../ports/client-admin-store.ts'
import type { DeletedClientRecord } from '../ports/client-lifecycle-store.ts'
import type { Server } from '../server.ts'
import type { Settings } from '../settings/schema.ts'
import { type AdminView, adminView } from './admin-view.ts'
import { listByState, parseState } from './list-by-state.ts'
import { namedOwners } from './named-owners.ts'
import { decodeCursor, encodeCursor, parseLimit, takeFitting, toPosition } from './pagination.ts'
import { requireOperator } from './require-operator.ts'

/** The filters, and the maximum length of their values in characters. */
const maxLength = {
  owner: 255,
  software_id: 16_384,
  label: 64,
  initial_access_token: 255,
  state: 7,
} as const
const filters = Object.keys(maxLength) as (keyof typeof maxLength)[]
const known: readonly string[] = [...filters, 'iss', 'created_from', 'created_before']

export type ClientListRequest = {
  readonly bearer: string | undefined
  /** Unix seconds. */
  readonly now: number
  /**
   * Query parameters: `limit`, `cursor`, `created_from`, `created_before`, one of the filters, and
   * `iss` with `owner`; or `limit`, `cursor` and `state`.
   */
  readonly query: Readonly<Record<string, string | undefined>>
}

export type ClientListResponse = {
  /** What is left of them with the state `deleted`. */
  readonly clients: readonly (AdminView | DeletedClientRecord)[]
  /** Omitted on the last page. */
  readonly next_cursor?: string
}

/**
 * Lists clients for the operator, newest first, or those of a state in no particular order;
 * eventually consistent. A page may contain fewer
 * clients than `limit` if they are large.
 * Throws OAuthError `missing_token`, `invalid_token`, `insufficient_scope`, `invalid_request`.
 */
export async function listClients(
  { bearer, now, query }: ClientListRequest,
  server: Server,
): Promise<ClientListResponse> {
  const { limit, cursor, state, ...others } = query
  const [filter, size, position] = await requireOperator(
    bearer,
    now,
    server,
    () =>
      [
        state === undefined || state === 'pending'
          ? parseFilter({ ...others, ...(state && { state }) }, server.settings)
          : parseState(state, others, server),
        parseLimit(limit),
        decodeCursor(cursor),
      ] as const,
  )
  if (typeof filter === 'string')
    return listByState(filter, { now, limit: size, from: position }, server)
  const page = await server.clientAdmin.list(filter, size, position)
  const clients = takeFitting(page.clients.map(adminView))
  const last = clients.length < page.clients.length ? clients.at(-1) : undefined
  const next = last ? toPosition(last.client_id_issued_at, last.client_id) : page.next
  return { clients, ...(next !== undefined && { next_cursor: encodeCursor(next) }) }
}

type Query = ClientListRequest['query']

function parseFilter(query: Query, settings: Settings): ClientFilter {
  for (const name of Object.keys(query))
    if (!known.includes(name))
      throw new OAuthError('invalid_request', `unknown filter; known: ${known.join(', ')}`)
  const requested = filters.filter((name) => query[name] !== undefined)
  const [name] = requested
  if (requested.length > 1)
    throw new OAuthError('invalid_request', `expected at most one of ${filters.join(', ')}`)
  const value = name === undefined ? undefined : query[name]
  if (name !== undefined && (value === '' || (value ?? '').length > maxLength[name]))
    throw new OAuthError('invalid_request', `${name}: expected 1 to ${maxLength[name]} characters`)
  if (query.iss !== undefined && name !== 'owner')
    throw new OAuthError('invalid_request', 'iss: expected together with owner')
  return {
    includesPending: settings.approval !== 'off',
    by:
      name === undefined || value === undefined ? undefined : by(name, value, query.iss, settings),
    createdFrom: parseTime('created_from', query.created_from),
    createdBefore: parseTime('created_before', query.created_before),
  }
}

function by(
  name: keyof typeof maxLength,
  value: string,
  iss: string | undefined,
  settings: Settings,
): NonNullable<ClientFilter['by']> {
  if (name === 'state') return { name, value: 'pending' }
  if (name !== 'owner') return { name, value }
  return { name, owners: namedOwners(value, iss, settings) }
}

function parseTime(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  if (/^\d{1,10}$/.test(value)) return Number(value)
  throw new OAuthError('invalid_request', `${name}: expected Unix seconds`)
}
