import { OAuthError } from '../lib/errors.ts'
import type { ServerConfig } from '../lib/server.ts'
import { serverMetadata } from '../lib/server-metadata.ts'
import { composeConfig } from './config.ts'
import { byMethod } from './http/by-method.ts'
import { endpoint, type Respond } from './http/endpoint.ts'
import { cacheable, json, redirect } from './http/response.ts'
import { openapiDocument } from './openapi-document.ts'

/** GET /.well-known/…: server metadata (RFC 8414 §3, OpenID Connect Discovery 1.0 §4). */
const read: Respond<ServerConfig> = async (_event, server) =>
  cacheable(json(200, serverMetadata(server)))

const document = byMethod({ GET: ['discovery', read], HEAD: ['discovery', read] })

const openapi = byMethod({ GET: ['openapi', openapiDocument], HEAD: ['openapi', openapiDocument] })

/**
 * GET /: redirects a browser to the operator's console. The location is relative, so that it works
 * under any base path.
 */
const leadToPage: Respond<ServerConfig> = async () => redirect('applications')

const start = byMethod({ GET: ['console', leadToPage], HEAD: ['console', leadToPage] })

/** Also handles the `$default` route, which receives every path without a route of its own. */
export const handler = endpoint(composeConfig(), (event, server) => {
  if (event.routeKey === 'ANY /openapi.json') return openapi(event, server)
  if (event.routeKey !== '$default') return document(event, server)
  if (event.rawPath === '/') return start(event, server)
  throw new OAuthError('not_found', 'no such endpoint')
})
