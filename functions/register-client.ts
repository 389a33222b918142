import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { registerOrDefer } from '../lib/defer-registration.ts'
import { OAuthError } from '../lib/errors.ts'
import { identifyRequest } from '../lib/idempotency-key.ts'
import { cancelRegistration, pollRegistration } from '../lib/poll-registration.ts'
import { previewRegistration } from '../lib/preview-registration.ts'
import { registerOnce } from '../lib/register-once.ts'
import type { Server } from '../lib/server.ts'
import { composeServer } from './compose-server.ts'
import { withConnectors } from './connectors/with-connectors.ts'
import { required } from './environment.ts'
import { byMethod } from './http/by-method.ts'
import { endpoint, type Respond } from './http/endpoint.ts'
import { idempotencyKey } from './http/idempotency-key.ts'
import { parseRegistrationBody } from './http/registration-body.ts'
import { registrationPoll } from './http/registration-poll.ts'
import { bearerToken, bodyText, queryParameter, receivedAt } from './http/request.ts'
import { type HttpResponse, json, noContent } from './http/response.ts'
import { nameOperation } from './request-context.ts'

/** POST /register: Client Registration Request (RFC 7591 §3.1). */
const register: Respond = async (event, server) => {
  const now = receivedAt(event)
  const isPreview = isDryRun(event)
  const poll = isPreview ? undefined : registrationPoll(event, server)
  if (poll !== undefined) return respondToPoll(poll, now, server)
  const bearer = registrationBearer(event, server)
  const verifyBody = parseRegistrationBody(event, server)
  const idempotent = idempotentRequest(event, bearer, server)
  if (isPreview) {
    const request = { bearer, ...(await verifyBody()), now }
    return json(200, await previewRegistration(request, server))
  }
  const registered = async () => {
    const request = { bearer, ...(await verifyBody()), now, ...(idempotent && { idempotent }) }
    return registerOrDefer(request, server)
  }
  const response = idempotent
    ? await registerOnce(idempotent, now, server, registered)
    : await registered()
  return json('registration_code' in response ? 202 : server.settings.successStatus, response)
}

type Poll = NonNullable<ReturnType<typeof registrationPoll>>

/** A poll of a deferred registration, or its cancellation (draft-dellaert-oauth-approval-based-dcr-00). */
async function respondToPoll(
  { registration_code, cancels }: Poll,
  now: number,
  server: Server,
): Promise<HttpResponse> {
  nameOperation(cancels ? 'registration.cancel' : 'registration.poll')
  const request = { registration_code, now }
  if (cancels) {
    await cancelRegistration(request, server)
    return noContent()
  }
  const polled = await pollRegistration(request, server)
  return json('client_id' in polled ? server.settings.successStatus : 202, polled)
}

/** Whether the request asks what it would register. Throws OAuthError `invalid_request`. */
function isDryRun(event: APIGatewayProxyEventV2): boolean {
  const dry_run = queryParameter(event, 'dry_run') ?? 'false'
  if (dry_run !== 'true' && dry_run !== 'false')
    throw new OAuthError('invalid_request', 'dry_run: expected true or false')
  return dry_run === 'true'
}

/** The request by its idempotency key, its bearer, its media type and its body, as they were sent. */
function idempotentRequest(
  event: APIGatewayProxyEventV2,
  bearer: string | undefined,
  { settings: { limits } }: Server,
) {
  const key = idempotencyKey(event)
  if (key === undefined) return undefined
  const body = bodyText(event, limits.body, 'invalid_request')
  return identifyRequest(key, bearer, [event.headers['content-type'], body])
}

/**
 * With settings.ignoreUnknownTokens, ignores an Authorization header that is not a valid bearer
 * token, unless it contains a token that this service issued.
 */
function registrationBearer(event: APIGatewayProxyEventV2, { settings }: Server) {
  try {
    return bearerToken(event)
  } catch (error) {
    const { authorization = '', ...headers } = event.headers
    if (!settings.ignoreUnknownTokens || /[ir]at_/.test(authorization)) throw error
    return bearerToken({ ...event, headers })
  }
}

const server = composeServer([
  'KEY_RING_SECRET',
  'CLIENT_SECRET_KEY_RING_SECRET',
  'MASTER_TOKEN_SECRET',
  'STATIC_INITIAL_ACCESS_TOKEN_SECRET',
])

export const handler = endpoint(
  withConnectors(server, required(process.env, 'TABLE_NAME')),
  byMethod({ POST: ['register', register] }),
)
