import { OAuthError } from '../../lib/errors.ts'
import { nameOperation } from '../request-context.ts'
import type { Respond } from './endpoint.ts'
import { noContent } from './response.ts'

/** The operations of one path by HTTP method, each with its name in logs and metrics. */
export type Operations<For> = Readonly<Record<string, Operation<For>>>

type Operation<For> = readonly [name: string, respond: Respond<For>]

/**
 * Dispatches by HTTP method. OPTIONS returns the allowed methods (RFC 9110 §9.3.7). Any other
 * method throws OAuthError `method_not_allowed`, which also lists them (§15.5.6). A browser's
 * preflight may reach a Lambda; API Gateway adds the CORS headers.
 */
export function byMethod<For>(operations: Operations<For>): Respond<For> {
  const allow = [...Object.keys(operations), 'OPTIONS']
  const options: Respond<For> = async () => noContent({ allow: allow.join(', ') })
  const all: Operations<For> = { ...operations, OPTIONS: ['options', options] }
  return async (event, server) => {
    const { method } = event.requestContext.http
    const operation = Object.hasOwn(all, method) ? all[method] : undefined
    if (operation === undefined)
      throw new OAuthError(
        'method_not_allowed',
        `expected ${Object.keys(operations).join(' or ')}`,
        { allow },
      )
    const [name, respond] = operation
    nameOperation(name)
    return respond(event, server)
  }
}
