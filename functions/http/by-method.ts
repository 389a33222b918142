import { OAuthError } from '../../lib/errors.ts'
import type { Respond } from './endpoint.ts'
import { operation } from './operation.ts'
import { noContent } from './response.ts'

/**
 * Dispatches by HTTP method. OPTIONS returns the allowed methods (RFC 9110 §9.3.7). Any other
 * method throws OAuthError `method_not_allowed`, which also lists them (§15.5.6). A browser's
 * preflight may reach a Lambda; API Gateway adds the CORS headers.
 */
export function byMethod<For>(operations: Readonly<Record<string, Respond<For>>>): Respond<For> {
  const allow = [...Object.keys(operations), 'OPTIONS']
  const options = operation<For>('options', async () => noContent({ allow: allow.join(', ') }))
  const all: typeof operations = { ...operations, OPTIONS: options }
  return async (event, server) => {
    const { method } = event.requestContext.http
    const respond = Object.hasOwn(all, method) ? all[method] : undefined
    if (respond !== undefined) return respond(event, server)
    throw new OAuthError('method_not_allowed', `expected ${Object.keys(operations).join(' or ')}`, {
      allow,
    })
  }
}
