import { checkClientSecret } from '../../../lib/operator/check-client-secret.ts'
import { newest } from '../known.ts'
import { defineOperation } from '../operation.ts'
import { request } from './administer.ts'

type Secret = { readonly client: string; readonly secret: string }

/** An authorization server checks the secret of a client, which is valid while the client is active. */
export const authenticate = defineOperation<Secret>({
  name: 'authenticate',
  choose({ subject }, { clients }) {
    const client = newest(clients, subject)
    return client?.secret === undefined ? undefined : { client: client.key, secret: client.secret }
  },
  async call(given, context, server, known) {
    const body = { client_secret: given.secret }
    return checkClientSecret({ ...request(given, context, known), body }, server)
  },
  effects(state, { client: key }) {
    const client = state.clients[key]
    const valid = client !== undefined && !client.disabled && !client.stale
    return [{ next: state, response: { valid } }]
  },
})
