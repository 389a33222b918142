import { OAuthError } from '../../lib/errors.ts'
import type { ServerConfig } from '../../lib/server.ts'
import { log } from '../log.ts'
import { type CompletedRequest, requestMetrics } from '../metrics.ts'
import { annotate, currentRequest, type RequestContext } from '../request-context.ts'
import type { Pipeline } from './pipeline.ts'

type Request = Parameters<NonNullable<Pipeline['after']>>[0]

/**
 * Writes one structured log entry per request, with its metrics. It never contains a token, a
 * secret, a header or a body.
 */
export function logRequest({ settings }: ServerConfig): Pipeline {
  const logCompleted = async (request: Request) => {
    if (request.error instanceof OAuthError) annotate(request.error.details.logFields ?? {})
    const context = currentRequest()
    if (context === undefined) return
    const line = { ...toLogLine(request, context), profile: settings.profile }
    const metrics = requestMetrics({ ...line, ...context })
    log.request(line.outcome === 'fault' ? 'ERROR' : 'INFO', line, metrics)
  }
  return { after: logCompleted, onError: logCompleted }
}

function toLogLine({ event, response, error, context }: Request, current: RequestContext) {
  const status = response?.statusCode ?? 500
  const { operation, annotations, dynamodb, coldStart, request_id, startedAt } = current
  const {
    consumed,
    rotated,
    conflict,
    revived,
    repeated,
    dry_run,
    policies = [],
    ...identifiers
  } = annotations
  const oauthError = error instanceof OAuthError ? error : undefined
  return {
    operation,
    outcome: toOutcome(status, error),
    method: knownMethod(event),
    status,
    ...(oauthError && {
      error: oauthError.error,
      code: oauthError.code,
      // A policy's message may repeat client input, so only its name is logged, as `rejected_by`.
      ...(oauthError.details.policy === undefined && { error_description: oauthError.description }),
    }),
    ...identifiers,
    ...policyFields(policies, oauthError),
    ...(consumed && { consumed }),
    ...(rotated && { rotated }),
    ...(conflict && { conflict }),
    ...(repeated && { repeated }),
    ...(dry_run && { dry_run }),
    ...(revived && { revived }),
    duration_ms: roundToTenths(performance.now() - startedAt),
    dynamodb_ms: roundToTenths(dynamodb.milliseconds),
    dynamodb_round_trips: dynamodb.roundTrips,
    cold_start: coldStart,
    request_id,
    lambda_request_id: context.awsRequestId,
  }
}

/** The method is client input, so unknown methods are not logged. */
const knownMethod = ({ requestContext }: Request['event']): string =>
  methods.includes(requestContext.http.method) ? requestContext.http.method : 'other'

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

const toOutcome = (status: number, error: Request['error']): CompletedRequest['outcome'] => {
  if (status >= 500) return 'fault'
  return error ? 'rejected' : 'ok'
}

/** The policies that ran, and the policy that rejected the request, if any. */
function policyFields(policies: readonly string[], oauthError: OAuthError | undefined) {
  const rejected_by = oauthError?.details.policy
  if (rejected_by === undefined) return policies.length === 0 ? {} : { policies }
  return { policies: policies.slice(0, policies.indexOf(rejected_by) + 1), rejected_by }
}

const roundToTenths = (milliseconds: number): number => Math.round(milliseconds * 10) / 10
