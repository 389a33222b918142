import { OAuthError } from '../../lib/errors.ts'
import { byMethod, type Operations } from './by-method.ts'
import type { Respond } from './endpoint.ts'

/**
 * Dispatches by the path of the route that API Gateway selected, such as `/clients/{client_id}`,
 * then by method. Throws OAuthError `not_found` for any other path.
 */
export function byPath<For>(paths: Readonly<Record<string, Operations<For>>>): Respond<For> {
  const byRouteKey = new Map(
    Object.entries(paths).map(([path, operations]) => [`ANY ${path}`, byMethod(operations)]),
  )
  return async (event, server) => {
    const respond = byRouteKey.get(event.routeKey)
    if (respond === undefined) throw new OAuthError('not_found', 'no such endpoint')
    return respond(event, server)
  }
}
