import { OAuthError } from '../../lib/errors.ts'
import type { ServerIdentity } from '../../lib/server.ts'
import { log } from '../log.ts'
import { type Answered, measure } from '../metrics.ts'
import { currentTrace, type Trace } from '../trace.ts'
import type { Pipeline } from './pipeline.ts'

type Request = Parameters<NonNullable<Pipeline['after']>>[0]

/** One structured line and one set of metrics a request; never a token, a secret, a header or a body. */
export function logRequest({ settings }: ServerIdentity): Pipeline {
  const tell = async (request: Request) => {
    const trace = currentTrace()
    if (trace === undefined) return
    const line = { ...lineOf(request, trace), profile: settings.profile }
    log.request(line.outcome === 'fault' ? 'error' : 'info', line)
    measure({ ...line, ...trace })
  }
  return { after: tell, onError: tell }
}

function lineOf({ event, response, error, context }: Request, trace: Trace) {
  const status = response?.statusCode ?? 500
  const { operation, notes, dynamodb, coldStart, request_id, startedAt } = trace
  const { consumed, rotated, conflict, policies = [], ...identifiers } = notes
  const refusal = error instanceof OAuthError ? error : undefined
  return {
    operation,
    outcome: outcomeOf(status, error),
    method: methodOf(event),
    status,
    ...(refusal && {
      error: refusal.error,
      code: refusal.code,
      // A policy says what it likes; its name stands in `refused_by`.
      ...(refusal.details.policy === undefined && { error_description: refusal.description }),
    }),
    ...identifiers,
    ...verdicts(policies, refusal),
    ...(consumed && { consumed }),
    ...(rotated && { rotated }),
    ...(conflict && { conflict }),
    duration_ms: tenths(performance.now() - startedAt),
    dynamodb_ms: tenths(dynamodb.milliseconds),
    dynamodb_round_trips: dynamodb.roundTrips,
    cold_start: coldStart,
    request_id,
    lambda_request_id: context.awsRequestId,
  }
}

/** Anything can stand in the place of a method. */
const methodOf = ({ requestContext }: Request['event']): string =>
  methods.includes(requestContext.http.method) ? requestContext.http.method : 'other'

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

const outcomeOf = (status: number, error: Request['error']): Answered['outcome'] => {
  if (status >= 500) return 'fault'
  return error ? 'refused' : 'ok'
}

/** The policies that ran, and the one of them that refused. */
function verdicts(policies: readonly string[], refusal: OAuthError | undefined) {
  const refused_by = refusal?.details.policy
  if (refused_by === undefined) return policies.length === 0 ? {} : { policies }
  return { policies: policies.slice(0, policies.indexOf(refused_by) + 1), refused_by }
}

const tenths = (milliseconds: number): number => Math.round(milliseconds * 10) / 10
