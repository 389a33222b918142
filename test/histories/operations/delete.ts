import { deleteClient } from '../../../lib/delete-client.ts'
import { clientOf } from '../known.ts'
import { byToken } from '../match-token.ts'
import { defineOperation } from '../operation.ts'
import { changeShared, isShared } from '../shared.ts'
import { withoutClient } from '../state.ts'
import { type ByToken, chooseToken } from './read.ts'

export const remove = defineOperation<ByToken>({
  name: 'delete',
  choose: chooseToken,
  async call({ client, token }, { now }, server, known) {
    const client_id = clientOf(known, client)?.client_id ?? ''
    await deleteClient({ bearer: token, client_id, now }, server)
    return {}
  },
  effects(state, given, context) {
    if (isShared(given.client)) return changeShared(state, given, context)
    const effects = byToken(state, given, context, () => ({
      next: withoutClient(state, given.client),
      response: {},
    }))
    // A client that is gone after a lost response is taken to be deleted by this call (decision 0004).
    const isGone = state.clients[given.client] === undefined
    return context.ambiguous && isGone ? [...effects, { next: state, response: {} }] : effects
  },
})
