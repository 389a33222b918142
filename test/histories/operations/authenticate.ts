import { checkClientSecret } from '../../../lib/operator/check-client-secret.ts'
import { newest } from '../known.ts'
import { defineOperation } from '../operation.ts'
import { isSecretOf } from '../secrets.ts'
import { request } from './administer.ts'

type Secret = { readonly client: string; readonly secret: string }

/** An authorization server checks the secret of a client, which is valid while the client is active. */
export const authenticate = defineOperation<Secret>({
  name: 'authenticate',
  choose({ subject, credential }, { clients }) {
    const client = newest(clients, subject)
    const secret = client && newest(client.secrets, credential)
    return secret === undefined || client === undefined ? undefined : { client: client.key, secret }
  },
  async call(given, context, server, known) {
    const body = { client_secret: given.secret }
    return checkClientSecret({ ...request(given, context, known), body }, server)
  },
  effects(state, { client: key, secret }, { now }) {
    const client = state.clients[key]
    const isActive = client !== undefined && !client.disabled && !client.stale
    const valid = isActive && isSecretOf(client, secret, now)
    return [{ next: state, response: { valid } }]
  },
})
