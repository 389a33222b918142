import { listClients } from '../../../lib/operator/list-clients.ts'
import { masterToken } from '../../support/compose.ts'
import { defineOperation } from '../operation.ts'

/** Whether there is a client of the registration with this key, whose response may have been lost. */
export const findRegistration = defineOperation<{ readonly client: string }>({
  name: 'find registration',
  choose: () => undefined,
  async call({ client }, { now }, server, { history }) {
    const query = { software_id: `${history} ${client}` }
    const { clients } = await listClients({ bearer: masterToken, now, query }, server)
    return { clients: clients.length }
  },
  effects: (state, { client }) => [
    { next: state, response: { clients: state.clients[client] === undefined ? 0 : 1 } },
  ],
})
