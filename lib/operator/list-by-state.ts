import { actsFrom } from '../clean-up/due.ts'
import { OAuthError } from '../errors.ts'
import type { DeletedClientRecord } from '../ports/client-lifecycle-store.ts'
import type { Server } from '../server.ts'
import { type AdminView, adminView } from './admin-view.ts'
import { nextCursor, takeFitting, toPosition } from './pagination.ts'

const states = ['due', 'stale', 'deleted'] as const

/** `due`: clean-up would make the client stale now, or delete it undecided. */
type ListedState = (typeof states)[number]

export type ClientsByState = {
  readonly clients: readonly (AdminView | DeletedClientRecord)[]
  /** Omitted on the last page. */
  readonly next_cursor?: string
}

/** Parses a state that only clean-up knows. Throws OAuthError `invalid_request`. */
export function parseState(
  value: string,
  others: Readonly<Record<string, string | undefined>>,
  { settings }: Pick<Server, 'settings'>,
): ListedState {
  const state = states.find((known) => known === value)
  if (state === undefined)
    throw new OAuthError('invalid_request', `state: expected ${['pending', ...states].join(', ')}`)
  if (Object.keys(others).length > 0)
    throw new OAuthError('invalid_request', 'state: expected without other filters')
  if (settings.cleanUp.mode === 'off')
    throw new OAuthError('invalid_request', 'state: clean-up is off here')
  return state
}

/**
 * Lists the clients that clean-up would act on now, that are stale, or that it deleted;
 * eventually consistent. A page may contain fewer clients than its limit.
 */
export async function listByState(
  state: ListedState,
  { now, limit, from }: { now: number; limit: number; from: string | undefined },
  { settings, clientLifecycle }: Pick<Server, 'settings' | 'clientLifecycle'>,
): Promise<ClientsByState> {
  if (state === 'deleted') {
    const { clients, next } = await clientLifecycle.listDeleted(limit, from)
    return { clients, ...nextCursor(next) }
  }
  const { clients, next } =
    state === 'stale'
      ? await clientLifecycle.listStale(limit, from)
      : await clientLifecycle.listDue(now, limit, from)
  const listed = clients.filter(
    (client) => state === 'stale' || actsFrom(client, settings.cleanUp) <= now,
  )
  const views = takeFitting(listed.map((client) => adminView(client, settings)))
  const last = views.length < listed.length ? listed[views.length - 1] : undefined
  return { clients: views, ...nextCursor(last ? toPosition(last.due_at, last.client_id) : next) }
}
