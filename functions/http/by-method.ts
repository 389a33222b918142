import { OAuthError } from '../../lib/errors.ts'
import type { Respond } from './endpoint.ts'

/** One operation a method; any other method is refused with those that exist (RFC 9110 §15.5.6). */
export function byMethod<For>(operations: Readonly<Record<string, Respond<For>>>): Respond<For> {
  return async (event, server) => {
    const { method } = event.requestContext.http
    const operation = Object.hasOwn(operations, method) ? operations[method] : undefined
    if (operation !== undefined) return operation(event, server)
    const allow = Object.keys(operations)
    throw new OAuthError('method_not_allowed', `expected ${allow.join(' or ')}`, { allow })
  }
}
