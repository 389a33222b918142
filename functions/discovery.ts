import { OAuthError } from '../lib/errors.ts'
import { serverMetadata } from '../lib/server-metadata.ts'
import { byMethod } from './http/by-method.ts'
import { endpoint, type Respond } from './http/endpoint.ts'
import { json } from './http/response.ts'

/** GET /.well-known/… — RFC 8414 §3, OpenID Connect Discovery 1.0 §4 */
const read: Respond = async (_event, server) => json(200, serverMetadata(server))

const document = byMethod({ GET: read, HEAD: read })

/** Every path that no endpoint knows leads here too. */
export const handler = endpoint((event, server) => {
  if (event.routeKey === '$default') throw new OAuthError('not_found', 'no such endpoint')
  return document(event, server)
})
