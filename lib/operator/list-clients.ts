import type { RegisteredClient } from '../client.ts'
import type { ClientFilter } from '../ports/client-admin-store.ts'
import type { DeletedClientRecord } from '../ports/client-lifecycle-store.ts'
import type { Server } from '../server.ts'
import { type AdminView, adminView } from './admin-view.ts'
import { parseFilter } from './client-filter.ts'
import { listByState, parseState } from './list-by-state.ts'
import { isNamePosition, nameOf, namePosition } from './name-filter.ts'
import { decodeCursor, nextCursor, parseLimit, takeFitting, toPosition } from './pagination.ts'
import { requireOperator } from './require-operator.ts'

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
 * Lists clients for the operator, newest first, those of a name prefix in the order of names, or
 * those of a state in no particular order; eventually consistent. A page may contain fewer clients
 * than `limit` if they are large, or if their index entries match and they do not.
 * Throws OAuthError `missing_token`, `invalid_token`, `insufficient_scope`, `invalid_request`.
 */
export async function listClients(
  { bearer, now, query }: ClientListRequest,
  server: Server,
): Promise<ClientListResponse> {
  const { limit, cursor, state, ...others } = query
  const [filter, size, position] = await requireOperator(bearer, now, server, () => {
    const parsed =
      state === undefined || state === 'pending'
        ? parseFilter({ ...others, ...(state && { state }) }, server.settings)
        : parseState(state, others, server)
    return [parsed, parseLimit(limit), parseCursor(cursor, parsed)] as const
  })
  if (typeof filter === 'string')
    return listByState(filter, { now, limit: size, from: position }, server)
  const page = await server.clientAdmin.list(filter, size, position)
  const clients = takeFitting(page.clients.map((client) => adminView(client, server.settings)))
  const last = clients.length < page.clients.length ? page.clients[clients.length - 1] : undefined
  const next = last ? positionOf(last, filter) : page.next
  return { clients, ...nextCursor(next) }
}

function parseCursor(cursor: string | undefined, filter: ClientFilter | string) {
  const by = typeof filter === 'string' ? undefined : filter.by
  return by?.name === 'name_prefix'
    ? decodeCursor(cursor, (position) => isNamePosition(position, by.value))
    : decodeCursor(cursor)
}

/** The position of a listed client in the order of this list. */
function positionOf(
  { client_id, client_id_issued_at, metadata }: RegisteredClient,
  { by }: ClientFilter,
) {
  return by?.name === 'name_prefix'
    ? namePosition(nameOf(metadata) ?? '', client_id)
    : toPosition(client_id_issued_at, client_id)
}
