import { OAuthError } from '../../lib/errors.ts'
import { log } from '../log.ts'
import type { Pipeline } from './endpoint.ts'

/** One structured line a request; never a token, a secret, a header or a body. */
export const logRequest = (): Pipeline => {
  let startedAt = 0
  return {
    before: async () => {
      startedAt = performance.now()
    },
    after: async (request) => line(request, startedAt),
    onError: async (request) => line(request, startedAt),
  }
}

type Request = Parameters<NonNullable<Pipeline['after']>>[0]

function line({ event, response, error, context }: Request, startedAt: number): void {
  log.request({
    operation: event.routeKey,
    method: event.requestContext.http.method,
    status: response?.statusCode,
    ...(error instanceof OAuthError && {
      error: error.error,
      error_description: error.description,
    }),
    ...identifiers(event.pathParameters),
    duration_ms: Math.round((performance.now() - startedAt) * 10) / 10,
    request_id: event.requestContext.requestId,
    lambda_request_id: context.awsRequestId,
  })
}

/** The identifiers in the path, unless a token was sent in their place. */
function identifiers(parameters: Readonly<Record<string, string | undefined>> = {}) {
  const known = Object.entries(parameters).filter(
    ([, value]) => value !== undefined && /^(?![ri]at_)[\w-]{1,64}$/.test(value),
  )
  return Object.fromEntries(known)
}
