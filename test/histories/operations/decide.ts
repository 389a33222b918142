import { decideRegistration } from '../../../lib/operator/decide-registration.ts'
import { defineOperation } from '../operation.ts'
import { type Decided, withClient } from '../state.ts'
import { chooseClient, notFound, type OfClient, request, view, viewed } from './administer.ts'

/** The operator's decision on a client that awaits approval: made once, and repeated alike. */
const decide = (decision: 'approve' | 'reject', outcome: Decided['outcome']) =>
  defineOperation<OfClient>({
    name: decision,
    mayRepeat: () => true,
    choose: chooseClient,
    call: async (given, context, server, known) =>
      viewed(
        await decideRegistration({ ...request(given, context, known), body: { decision } }, server),
      ),
    effects(state, { client: key }, { now }) {
      const client = state.clients[key]
      if (client === undefined) return [notFound(state)]
      if (client.decision?.outcome === outcome) return [{ next: state, response: view(client) }]
      if (!client.pending) return [{ next: state, rejected: 'conflict' }]
      const decided = {
        ...client,
        pending: undefined,
        decision: { outcome, at: now },
        disabled: outcome === 'rejected',
        sequence: client.sequence + 1,
      }
      return [{ next: withClient(state, key, decided), response: view(decided) }]
    },
  })

export const approve = decide('approve', 'approved')
export const reject = decide('reject', 'rejected')
