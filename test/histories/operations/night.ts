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
    const due = client?.due
    if (client === undefined || due === undefined || due.at > context.now) return [state]
    const settled = { DUE: settleInUse, STALE: settleStale }[due.kind]
    const next = settled(state, key, client, context)
    return context.disturbed ? [state, next] : [next]
  }

type Settle = (state: State, key: string, client: ClientState, context: CallContext) => State

const settleInUse: Settle = (state, key, client, { now, settings }) => {
  const { undecidedAfter, neverUsedAfter, deleteAfter } = settings.cleanUp
  const change = changeOf(state, key, client)
  if (!client.covered) return change({ due: undefined, stale: undefined })
  const decidedBy = (client.since ?? 0) + undecidedAfter
  const at = client.pending ? decidedBy : staleFrom(client, settings)
  const nextLook = client.pending ? Math.min(at, now + neverUsedAfter) : at
  if (at > now) return change({ due: { kind: 'DUE', at: nextLook } })
  if (client.pending) return buried(state, key)
  return isReported(state, now)
    ? change({ stale: true, due: { kind: 'STALE', at: now + deleteAfter } })
    : state
}

const settleStale: Settle = (state, key, client, { now, settings }) => {
  const change = changeOf(state, key, client)
  if (!client.stale) return change({ due: { kind: 'DUE', at: staleFrom(client, settings) } })
  if (!isReported(state, now)) return state
  if (!client.covered) return change({ due: undefined, stale: undefined })
  return buried(state, key)
}

const buried = (state: State, key: string): State => ({
  ...withoutClient(state, key),
  tombstones: { ...state.tombstones, [key]: true },
})

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
