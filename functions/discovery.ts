import { OAuthError } from '../lib/errors.ts'
import type { ServerIdentity } from '../lib/server.ts'
import { serverMetadata } from '../lib/server-metadata.ts'
import { byMethod } from './http/by-method.ts'
import { endpoint, type Respond } from './http/endpoint.ts'
import { operation } from './http/operation.ts'
import { json } from './http/response.ts'
import { composeIdentity } from './identity.ts'

/** GET /.well-known/… — RFC 8414 §3, OpenID Connect Discovery 1.0 §4 */
const read: Respond<ServerIdentity> = async (_event, server) => json(200, serverMetadata(server))

const discovery = operation('discovery', read)
const document = byMethod({ GET: discovery, HEAD: discovery })

/** Every path that no endpoint knows leads here too. */
export const handler = endpoint(composeIdentity(), (event, server) => {
  if (event.routeKey === '$default') throw new OAuthError('not_found', 'no such endpoint')
  return document(event, server)
})
