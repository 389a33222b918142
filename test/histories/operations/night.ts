import { cleanUp } from '../../../lib/clean-up/clean-up.ts'
import { listClients } from '../../../lib/operator/list-clients.ts'
import { masterToken } from '../../support/compose.ts'
import { type CallContext, defineOperation, type Part } from '../operation.ts'
import { type ClientState, type State, withClient, withoutClient } from '../state.ts'

const day = 86_400

/** A night of clean-up: each client is settled by a write of its own. */
export const night = defineOperation<object>({
  name: 'night',
  choose: () => ({}),
  async call(_, { now }, { settings, cleanUp: store }) {
    await cleanUp(now, { settings, store, mayContinue: () => true })
    return {}
  },
  effects: (state) => [{ next: state, response: {} }],
  parts: (_, clients) => clients.map(settle),
})

/** What a night does with one client. A change by others at the same time makes it leave the client. */
const settle =
  (key: string): Part =>
  (state, context) => {
    const client = state.clients[key]
    const { due, decision } = client ?? {}
    if (client === undefined || due === undefined || due.at > context.now) return [state]
    const settled = { DUE: settleInUse, STALE: settleStale }[due.kind]
    const settles = (seen: ClientState) => settled(state, key, client, seen, context)
    if (!context.disturbed) return [settles(client)]
    // It may have seen the client before the decision.
    const asPending = decision ? [settles({ ...client, pending: true })] : []
    return [state, settles(client), ...asPending]
  }

type Settle = (
  state: State,
  key: string,
  client: ClientState,
  seen: ClientState,
  context: CallContext,
) => State

const settleInUse: Settle = (state, key, client, seen, { now, settings }) => {
  const { neverUsedAfter, deleteAfter } = settings.cleanUp
  const change = changeOf(state, key, client)
  if (!client.covered) return change({ due: undefined, stale: undefined })
  const at = seen.pending ? now + neverUsedAfter : staleFrom(client, settings)
  if (at > now) return change({ due: { kind: 'DUE', at } })
  return isReported(state, now)
    ? change({ stale: true, due: { kind: 'STALE', at: now + deleteAfter } })
    : state
}

const settleStale: Settle = (state, key, client, _, { now, settings }) => {
  const change = changeOf(state, key, client)
  if (!client.stale) return change({ due: { kind: 'DUE', at: staleFrom(client, settings) } })
  if (!isReported(state, now)) return state
  if (!client.covered) return change({ due: undefined, stale: undefined })
  const tombstones = { ...state.tombstones, [key]: true as const }
  return { ...withoutClient(state, key), tombstones }
}

const changeOf =
  (state: State, key: string, client: ClientState) =>
  (changed: Partial<ClientState>): State =>
    withClient(state, key, { ...client, ...changed, sequence: client.sequence + 1 })

/** Without a report for two days, nobody becomes stale. */
const isReported = ({ lastReport }: State, now: number): boolean =>
  lastReport !== undefined && lastReport > now - 2 * day

function staleFrom(
  { lastUsed, due, decision }: ClientState,
  { cleanUp: { unusedAfter, neverUsedAfter } }: CallContext['settings'],
): number {
  if (lastUsed !== undefined) return lastUsed + unusedAfter
  const at = due?.at ?? 0
  return decision === undefined ? at : Math.max(at, decision.at + neverUsedAfter)
}

/** How many clients have a tombstone. */
export const listDeleted = defineOperation<object>({
  name: 'list deleted',
  choose: () => ({}),
  async call(_, { now }, server) {
    const query = { state: 'deleted' }
    const { clients } = await listClients({ bearer: masterToken, now, query }, server)
    return { deleted: clients.length }
  },
  effects: (state) => [
    { next: state, response: { deleted: Object.keys(state.tombstones).length } },
  ],
})
